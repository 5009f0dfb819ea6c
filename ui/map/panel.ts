/** The filter panel: how many, what to colour by, the key, a list of ticks a facet. */
import { button, h, svg } from './dom';
import { keyPath, topsOf, type Count, type Look } from './paint';
import { isNarrowed, type Config, type Facet, type State } from './state';
import type { Words } from './words';

const SHOWN = 8;

export interface Counts {
  matched: number;
  placeless: number;
  facets: Map<string, Count[]>;
}

/** The API's answer to …/facets. */
export function readCounts(answer: unknown): Counts {
  const a = answer as { numberMatched?: number; withoutPlace?: number; facets?: Record<string, { counts?: Count[] }> };
  return {
    matched: a.numberMatched ?? 0,
    placeless: a.withoutPlace ?? 0,
    facets: new Map(Object.entries(a.facets ?? {}).map(([field, f]) => [field, f.counts ?? []])),
  };
}

export class Panel {
  readonly element: HTMLElement;
  readonly key: HTMLElement;
  #said: HTMLElement;
  #clear: HTMLButtonElement;
  #colour: HTMLSelectElement;
  #lists = new Map<string, HTMLElement>();

  constructor(
    private readonly config: Config, private readonly words: Words,
    private readonly ticked: (field: string, value: string) => void,
    cleared: () => void, coloured: (field: string) => void,
  ) {
    this.#said = h('p', { class: 'atlas-said', role: 'status' });
    this.#clear = button(words.clear, cleared, { class: 'btn g small' });
    this.#colour = h('select', {}, h('option', { value: '' }, words.noColour),
      ...config.facets.map((f) => h('option', { value: f.field }, f.label)));
    this.#colour.addEventListener('change', () => coloured(this.#colour.value));
    this.key = h('div', { class: 'atlas-key' });
    const facets = config.facets.filter((f) => !f.bar).map((f, i) => this.#facet(f, i));
    this.element = h('form', { class: 'atlas-filters', 'aria-label': words.filters },
      h('div', { class: 'atlas-head' }, this.#said, this.#clear),
      h('label', { class: 'atlas-colour' }, words.colourBy, this.#colour),
      ...facets);
    this.element.addEventListener('submit', (event) => event.preventDefault());
  }

  #facet(facet: Facet, index: number): HTMLElement {
    const list = h('div', { class: 'atlas-ticks', role: 'group', 'aria-label': facet.label });
    this.#lists.set(facet.field, list);
    return h('details', { class: 'atlas-facet', open: index < 1 }, h('summary', {}, facet.label), list);
  }

  show(state: State, counts: Counts): void {
    this.#clear.hidden = !isNarrowed(state);
    this.#colour.value = state.colour;
    for (const [field, list] of this.#lists) this.#fill(list, field, state.values.get(field) ?? [], counts.facets.get(field) ?? []);
  }

  say(text: string): void {
    if (this.#said.textContent !== text) this.#said.textContent = text;
  }

  #fill(list: HTMLElement, field: string, chosen: string[], counts: Count[]): void {
    const focused = list.contains(document.activeElement) ? (document.activeElement as HTMLInputElement).value : null;
    const rows = [...topsOf(counts), ...counts.filter((c) => c.value === '')]
      .filter((c) => c.count > 0 || chosen.includes(c.value));
    const open = new Set([...list.querySelectorAll('details[open]')].map((d) => d.getAttribute('data-of')));
    const ticks = rows.map((c) => this.#branch(field, c, counts, chosen, open));
    const rest = ticks.splice(SHOWN);
    list.replaceChildren(...ticks);
    if (rest.length > 0) {
      list.append(h('details', { 'data-of': '', open: open.has('') || rows.slice(SHOWN).some((c) => chosen.includes(c.value)) },
        h('summary', {}, this.words.more(rest.length)), ...rest));
    }
    if (focused !== null) {
      [...list.querySelectorAll('input')].find((i) => i.value === focused)?.focus();
    }
  }

  /** A value, and the values below it folded away. */
  #branch(field: string, count: Count, counts: Count[], chosen: string[], open: Set<string | null>): HTMLElement {
    const tick = this.#tick(field, count, chosen.includes(count.value));
    const inner = count.value === '' ? [] : counts.filter((c) => c.parent === count.value && (c.count > 0 || chosen.includes(c.value)));
    if (inner.length === 0) return tick;
    const unfolded = open.has(count.value) || inner.some((c) => chosen.includes(c.value));
    return h('div', {}, tick, h('details', { class: 'atlas-inner', 'data-of': count.value, open: unfolded },
      h('summary', {}, this.words.inner(inner.length)),
      ...inner.map((c) => this.#branch(field, c, counts, chosen, open))));
  }

  #tick(field: string, count: Count, on: boolean): HTMLElement {
    const box = h('input', { type: 'checkbox', value: count.value });
    box.checked = on;
    box.addEventListener('change', () => this.ticked(field, count.value));
    return h('label', { class: 'atlas-tick' }, box, h('span', {}, count.label || this.words.unknown), h('b', {}, String(count.count)));
  }

  /** The key: each look once, with its count of now. */
  showKey(looks: Map<string, Look>, now: Count[]): void {
    const facet = this.config.facets.find((f) => f.field === this.#colour.value);
    const counts = new Map(now.map((c) => [c.value, c.count]));
    const tops = topsOf(now);
    const rows: HTMLElement[] = [];
    for (const look of new Set(looks.values())) {
      const count = look.value !== ''
        ? counts.get(look.value) ?? 0
        : tops.filter((c) => !looks.has(c.value)).reduce((sum, c) => sum + c.count, counts.get('') ?? 0);
      if (count > 0) rows.push(h('li', {}, this.#sample(look), h('span', {}, this.#label(look, tops, looks)), h('b', {}, String(count))));
    }
    this.key.replaceChildren(
      h('h2', {}, facet?.label ?? this.words.key),
      ...(rows.length > 0 ? [h('ul', {}, ...rows), h('p', { class: 'atlas-note' }, this.words.ring)] : []),
      h('p', { class: 'atlas-note' }, this.words.vague),
    );
  }

  #sample(look: Look): Node {
    return svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: keyPath(look.shape), fill: look.colour }));
  }

  /** What has no look of its own is unknown when nothing else is left over. */
  #label(look: Look, tops: Count[], looks: Map<string, Look>): string {
    if (look.value !== '') return look.label;
    return tops.some((c) => !looks.has(c.value) && c.count > 0) ? look.label : this.words.unknown;
  }
}
