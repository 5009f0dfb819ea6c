/** <xd-pan>: zoom and pan of the SVG map inside, by its view box. Buttons and keys do all of it;
 * the mouse may drag; the wheel zooms with Ctrl only and a finger scrolls the page, so the map
 * never catches the page. */
export interface Box { x: number; y: number; w: number; h: number }

/** Zoom by f about the point (a, b) of the box (fractions), kept inside the whole. */
export function zoomed(box: Box, whole: Box, f: number, a = 0.5, b = 0.5): Box {
  const w = Math.min(whole.w, Math.max(whole.w / 16, box.w * f)), h = w * whole.h / whole.w;
  return inside({ x: box.x + (box.w - w) * a, y: box.y + (box.h - h) * b, w, h }, whole);
}

export function inside(box: Box, whole: Box): Box {
  const x = Math.min(Math.max(box.x, whole.x), whole.x + whole.w - box.w);
  const y = Math.min(Math.max(box.y, whole.y), whole.y + whole.h - box.h);
  return { ...box, x, y };
}

export class XdPan extends HTMLElement {
  #stop = new AbortController();

  connectedCallback(): void {
    const svg = this.querySelector<SVGSVGElement>('svg.mapsvg'), signal = this.#stop.signal;
    if (!svg || this.querySelector('.zoom')) return;
    const v = svg.viewBox.baseVal, whole = { x: v.x, y: v.y, w: v.width, h: v.height };
    let box = whole;
    const show = (next: Box): void => {
      box = next;
      svg.setAttribute('viewBox', `${box.x} ${box.y} ${box.w} ${box.h}`);
    };
    const bar = document.createElement('div');
    bar.className = 'zoom';
    for (const [sign, f, label] of [['＋', 0.62, this.dataset['in']], ['－', 1.6, this.dataset['out']]] as const) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = sign;
      button.setAttribute('aria-label', label ?? '');
      button.addEventListener('click', () => show(zoomed(box, whole, f)), { signal });
      bar.append(button);
    }
    this.append(bar);
    bar.addEventListener('keydown', (e) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
      if (!step) return;
      e.preventDefault();
      show(inside({ ...box, x: box.x + (step[0] ?? 0) * box.w / 8, y: box.y + (step[1] ?? 0) * box.h / 8 }, whole));
    }, { signal });
    svg.addEventListener('wheel', (e) => {
      if (!e.ctrlKey && !e.metaKey) return;
      e.preventDefault();
      const r = svg.getBoundingClientRect();
      show(zoomed(box, whole, e.deltaY > 0 ? 1.2 : 0.83, (e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height));
    }, { passive: false, signal });
    this.#drag(svg, () => box, (b) => show(inside(b, whole)));
  }

  disconnectedCallback(): void {
    this.#stop.abort();
  }

  #drag(svg: SVGSVGElement, get: () => Box, set: (box: Box) => void): void {
    const signal = this.#stop.signal;
    let last: PointerEvent | null = null;
    svg.addEventListener('pointerdown', (e) => {
      if (e.pointerType !== 'mouse' || e.button !== 0 || (e.target as Element).closest('a')) return;
      last = e;
      svg.setPointerCapture(e.pointerId);
    }, { signal });
    svg.addEventListener('pointermove', (e) => {
      if (!last) return;
      const r = svg.getBoundingClientRect(), box = get();
      const unit = Math.min(box.w / r.width, box.h / r.height); // "slice" shows the lesser of the two
      set({ ...box, x: box.x - (e.clientX - last.clientX) * unit, y: box.y - (e.clientY - last.clientY) * unit });
      last = e;
    }, { signal });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      svg.addEventListener(end, () => { last = null; }, { signal });
    }
  }
}
