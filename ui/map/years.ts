/** Years: bars of the counts, two thumbs on the same scale, two fields to type in, and a bar of its
 * own for what has no date. It starts at all years. */
import { h, svg } from './dom';
import type { Count } from './paint';
import type { Words } from './words';

const WIDTH = 600;
const HEIGHT = 52;

export class Years {
  readonly element: HTMLElement;
  #bars = svg('svg', { class: 'atlas-bars', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  #from: HTMLInputElement;
  #to: HTMLInputElement;
  #fromField: HTMLInputElement;
  #toField: HTMLInputElement;
  #certain: HTMLInputElement;
  #said: HTMLElement;
  #unknown: HTMLElement;
  #lost: HTMLElement;
  #span: [number, number];
  #counts: Count[] = [];

  constructor(
    label: string, counts: Count[], private readonly bar: number, private readonly words: Words,
    private readonly chosen: (years: [number, number] | null, certain: boolean) => void,
    signal: AbortSignal,
  ) {
    const starts = counts.filter((c) => c.value !== '').map((c) => Number(c.value));
    this.#span = [Math.min(...starts), Math.max(...starts) + bar - 1];
    const [min, max] = this.#span;
    const thumb = (name: string): HTMLInputElement => h('input', { type: 'range', min, max, step: 1, 'aria-label': name });
    const field = (name: string): HTMLInputElement => h('input', { type: 'number', min, max, step: 1, inputmode: 'numeric', 'aria-label': name });
    this.#from = thumb(words.yearFrom);
    this.#to = thumb(words.yearTo);
    this.#fromField = field(words.yearFrom);
    this.#toField = field(words.yearTo);
    this.#certain = h('input', { type: 'checkbox' });
    this.#said = h('output', {});
    this.#unknown = h('p', { class: 'atlas-note' });
    this.#lost = h('div', { class: 'atlas-lost' });
    this.element = h('fieldset', { class: 'atlas-years' },
      h('legend', {}, label),
      h('div', { class: 'atlas-year-fields' }, this.#said,
        h('label', {}, words.from, this.#fromField), h('label', {}, words.to, this.#toField)),
      h('div', { class: 'atlas-scale' },
        h('div', { class: 'atlas-thumbs' }, this.#bars, this.#from, this.#to), this.#lost),
      h('label', { class: 'atlas-tick' }, this.#certain, words.certain),
      this.#unknown);
    this.#listen(signal);
    this.show(null, false, counts);
  }

  #listen(signal: AbortSignal): void {
    const slide = (): void => {
      const pair = ordered(Number(this.#from.value), Number(this.#to.value));
      this.#write(pair);
    };
    for (const thumb of [this.#from, this.#to]) {
      thumb.addEventListener('input', slide, { signal });
      thumb.addEventListener('change', () => this.#tell(ordered(Number(this.#from.value), Number(this.#to.value))), { signal });
    }
    for (const field of [this.#fromField, this.#toField]) {
      field.addEventListener('change', () => {
        const [min, max] = this.#span;
        const from = clamped(this.#fromField.value, min, min, max);
        const to = clamped(this.#toField.value, max, min, max);
        this.#tell(ordered(from, to));
      }, { signal });
      field.addEventListener('blur', () => this.#write(ordered(Number(this.#from.value), Number(this.#to.value))), { signal });
    }
    this.#certain.addEventListener('change', () => this.#tell(ordered(Number(this.#from.value), Number(this.#to.value))), { signal });
  }

  /** What is chosen stands in thumbs and fields at once: the counts that follow may be long on their way,
   * and the next field is typed in meanwhile. */
  #tell(pair: [number, number]): void {
    this.#from.value = String(pair[0]);
    this.#to.value = String(pair[1]);
    this.#write(pair);
    const all = pair[0] <= this.#span[0] && pair[1] >= this.#span[1];
    this.chosen(all ? null : pair, this.#certain.checked);
  }

  show(years: [number, number] | null, certain: boolean, counts: Count[]): void {
    this.#counts = counts;
    const pair = years ?? this.#span;
    this.#from.value = String(pair[0]);
    this.#to.value = String(pair[1]);
    this.#certain.checked = certain;
    this.#write(pair);
    const unknown = counts.find((c) => c.value === '')?.count ?? 0;
    this.#lost.hidden = unknown === 0;
    this.#lost.replaceChildren(h('b', {}, String(unknown)), h('i', { 'aria-hidden': 'true' }), this.words.noYear);
    this.#unknown.textContent = unknown > 0 && !certain ? this.words.unknownYears(unknown) : '';
  }

  #write(pair: [number, number]): void {
    const all = pair[0] <= this.#span[0] && pair[1] >= this.#span[1];
    const fields: [HTMLInputElement, number][] = [[this.#fromField, pair[0]], [this.#toField, pair[1]]];
    for (const [field, year] of fields) {
      if (document.activeElement !== field) field.value = String(year); // never what is being typed
    }
    this.#said.textContent = all ? this.words.allYears : `${pair[0]}–${pair[1]}`;
    for (const thumb of [this.#from, this.#to]) {
      thumb.setAttribute('aria-valuetext', thumb.value);
    }
    this.#draw(pair);
  }

  #draw([from, to]: [number, number]): void {
    const [min, max] = this.#span;
    const known = this.#counts.filter((c) => c.value !== '');
    const most = Math.max(1, ...known.map((c) => c.count));
    const unit = WIDTH / (max - min + 1);
    const rects = known.map((c) => {
      const start = Number(c.value);
      const height = Math.max(1.5, (c.count / most) * (HEIGHT - 2));
      const inside = start + this.bar > from && start <= to;
      return svg('rect', {
        x: (start - min) * unit + 0.5, width: Math.max(0.6, this.bar * unit - 1),
        y: HEIGHT - height, height, class: inside ? 'in' : 'out',
      });
    });
    this.#bars.replaceChildren(...rects);
  }
}

function ordered(a: number, b: number): [number, number] {
  return a <= b ? [a, b] : [b, a];
}

function clamped(text: string, otherwise: number, min: number, max: number): number {
  const n = Math.round(Number(text));
  return text.trim() === '' || !Number.isFinite(n) ? otherwise : Math.min(max, Math.max(min, n));
}
