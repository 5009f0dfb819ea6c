/** Selecting an area: a box by dragging, a polygon by its corners, or what is in view. Each works
 * without a pointer as well: arrows move the map, Space sets a corner in its middle, Enter ends. */
import { button, h } from './dom';
import type { Engine } from './engine';
import type { LonLat } from './state';
import type { Words } from './words';

type Mode = 'none' | 'box' | 'polygon';

export class AreaTool {
  readonly element: HTMLElement;
  #mode: Mode = 'none';
  #corners: LonLat[] = [];
  #help: HTMLElement;
  #drawing: HTMLElement;
  #drop: HTMLButtonElement;
  #buttons: Partial<Record<Mode, HTMLButtonElement>> = {};

  constructor(
    private readonly engine: Engine,
    words: Words,
    private readonly chosen: (ring: LonLat[] | null) => void,
    signal: AbortSignal,
  ) {
    this.#help = h('p', { class: 'atlas-help', role: 'status' });
    this.#buttons.box = button(words.box, () => this.#toggle('box', words.boxHelp), { 'aria-pressed': 'false' });
    this.#buttons.polygon = button(words.polygon, () => this.#toggle('polygon', words.polygonHelp), { 'aria-pressed': 'false' });
    this.#drop = button(words.clearArea, () => this.#finish(null));
    this.#drawing = h('span', { class: 'atlas-drawing', hidden: true },
      button(words.undo, () => this.#undo()), button(words.done, () => this.#close()));
    this.element = h('div', { class: 'atlas-tools', role: 'group', 'aria-label': words.tools },
      this.#buttons.box, this.#buttons.polygon,
      button(words.view, () => this.#finish(boxRing(engine.view()))),
      this.#drawing, this.#drop, this.#help);
    this.#listen(signal);
  }

  /** What the state holds, drawn. */
  show(area: LonLat[] | null): void {
    this.#drop.hidden = area === null;
    if (this.#mode === 'none') this.engine.setArea(area);
  }

  #listen(signal: AbortSignal): void {
    const { surface, canvas } = this.engine;
    let start: LonLat | null = null;
    surface.addEventListener('pointerdown', (event) => {
      if (this.#mode !== 'box' || event.button !== 0) return;
      start = this.engine.lonLat(event);
      surface.setPointerCapture(event.pointerId);
      event.preventDefault();
    }, { signal });
    surface.addEventListener('pointermove', (event) => {
      if (start) this.engine.setArea(between(start, this.engine.lonLat(event)));
    }, { signal });
    surface.addEventListener('pointerup', (event) => {
      if (!start) return;
      const ring = between(start, this.engine.lonLat(event));
      start = null;
      if (isWide(ring)) this.#finish(ring);
    }, { signal });
    surface.addEventListener('click', (event) => {
      if (this.#mode === 'polygon' && event.detail < 2) this.#add(this.engine.lonLat(event));
    }, { signal });
    surface.addEventListener('dblclick', () => {
      if (this.#mode === 'polygon') this.#close();
    }, { signal });
    canvas.addEventListener('keydown', (event) => this.#key(event), { signal });
  }

  #key(event: KeyboardEvent): void {
    if (this.#mode === 'none') return;
    const act: Record<string, () => void> = {
      'Escape': () => this.#stop(),
      ' ': () => this.#add(this.engine.centre()),
      'Enter': () => this.#close(),
      'Backspace': () => this.#undo(),
    };
    const run = act[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }

  #toggle(mode: Mode, help: string): void {
    if (this.#mode === mode) {
      this.#stop();
      return;
    }
    this.#stop();
    this.#mode = mode;
    this.#buttons[mode]?.setAttribute('aria-pressed', 'true');
    this.#drawing.hidden = mode !== 'polygon';
    this.#help.textContent = help;
    this.engine.setPicking(true);
    this.engine.surface.classList.add('atlas-picking');
    this.engine.canvas.focus();
    this.engine.setArea(null);
  }

  /** A box by keyboard is two corners; a polygon three or more. */
  #add(at: LonLat): void {
    this.#corners.push(at);
    const [first, second] = this.#corners;
    if (this.#mode === 'box' && first && second) {
      this.#finish(between(first, second));
      return;
    }
    this.engine.setArea(this.#corners, true);
  }

  #undo(): void {
    this.#corners.pop();
    this.engine.setArea(this.#corners, true);
  }

  #close(): void {
    if (this.#corners.length >= 3) this.#finish([...this.#corners]);
  }

  #finish(ring: LonLat[] | null): void {
    this.#stop();
    this.chosen(ring);
  }

  #stop(): void {
    for (const made of Object.values(this.#buttons)) made.setAttribute('aria-pressed', 'false');
    this.#drawing.hidden = true;
    this.#help.textContent = '';
    this.#corners = [];
    this.#mode = 'none';
    this.engine.setPicking(false);
    this.engine.surface.classList.remove('atlas-picking');
    this.engine.setArea(null);
  }
}

function between(a: LonLat, b: LonLat): LonLat[] {
  return boxRing([Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])]);
}

export function boxRing([west, south, east, north]: [number, number, number, number]): LonLat[] {
  return [[west, south], [east, south], [east, north], [west, north]];
}

function isWide(ring: LonLat[]): boolean {
  const [a, , c] = ring;
  return a !== undefined && c !== undefined && c[0] - a[0] > 1e-5 && c[1] - a[1] > 1e-5;
}
