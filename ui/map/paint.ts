/** Colours of values, and marks drawn on a small canvas: a shape for one record, a ring with the
 * shares of its colours for several. Colour never stands alone: each value has a shape, too. */
import type { Facet } from './state';

/** What a bar of the API's counts says. */
export interface Count {
  value: string;
  label: string;
  count: number;
  /** The value above it, whose count holds this one's. */
  parent?: string;
}

export interface Theme {
  ink: string;
  paper: string;
  line: string;
  land: string;
  around: string;
  water: string;
  river: string;
  border: string;
  /** Of values that have no colour of their own. */
  plain: string;
  accent: string;
  serif: string;
  sans: string;
  palette: string[];
  ramp: [string, string];
}

export function themeOf(element: Element): Theme {
  const style = getComputedStyle(element);
  const get = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise;
  const dark = get('color-scheme', '') === 'dark' || style.colorScheme === 'dark';
  return {
    ink: get('--ink', '#1b2225'),
    paper: get('--paper-2', '#fdfbf7'),
    line: get('--line-2', '#8f8a7e'),
    land: get('--land', '#fbf8f1'),
    around: get('--around', '#e7e2d6'),
    water: get('--water', '#b9cfd4'),
    river: get('--river', '#8fb2bb'),
    border: get('--ink-3', '#626b70'),
    plain: get('--cn', '#626b70'),
    accent: get('--rust', '#a2401b'),
    serif: get('--serif', 'serif'),
    sans: get('--sans', 'sans-serif'),
    palette: [
      get('--c0', '#b8481d'), get('--c1', '#d09a3a'), get('--c2', '#1c7c7d'),
      ...(dark
        ? ['#b3a1e6', '#8fc1f0', '#e6a2c5', '#b6cf7c', '#d8c3a5']
        : ['#5b4a9c', '#2f6fae', '#a5386f', '#5d7a1e', '#7a6244']),
    ],
    ramp: dark ? ['#54372c', '#f3b08f'] : ['#ecd3bd', '#7d2e11'],
  };
}

export interface Look {
  /** The value it stands for; '' is everything without a colour of its own. */
  value: string;
  label: string;
  colour: string;
  shape: string;
}

const SHAPES = ['diamond', 'square', 'circle', 'triangle', 'hexagon', 'bar', 'cross', 'drop'];

/** Values one level below the top of a hierarchy, or of the first level that has several: of
 * 安徽省 its cities, of industries the sections. Without a hierarchy, all of them. */
export function topsOf(counts: Count[]): Count[] {
  const known = new Map(counts.filter((c) => c.value !== '').map((c) => [c.value, c]));
  const below = (code: string | undefined): Count[] => [...known.values()]
    .filter((c) => (c.parent !== undefined && known.has(c.parent) ? c.parent : undefined) === code);
  let tops = below(undefined);
  for (let only = tops[0]; tops.length === 1 && only; only = tops[0]) {
    const inner = below(only.value);
    if (inner.length === 0) break;
    tops = inner;
  }
  return tops;
}

/** A look for every value of the counts, its own or that of the value above it. The first looks in
 * the map are those of the key, in order; the last, under '', is everybody else's. */
export function looksOf(facet: Facet | undefined, counts: Count[], theme: Theme, other: string): Map<string, Look> {
  const looks = new Map<string, Look>();
  if (!facet) return looks;
  const tops = topsOf(counts);
  if (facet.bar) {
    tops.sort((a, b) => Number(a.value) - Number(b.value));
    tops.forEach((c, i) => looks.set(c.value, {
      value: c.value, label: c.label, shape: 'circle',
      colour: mixed(theme.ramp[0], theme.ramp[1], tops.length > 1 ? i / (tops.length - 1) : 1),
    }));
  } else {
    const own = new Map((facet.terms ?? []).map((t) => [t.code, t]));
    const given = tops.some((c) => (own.get(c.value)?.colour ?? -1) >= 0);
    let next = 0;
    for (const c of tops) {
      const term = own.get(c.value);
      const index = given ? term?.colour ?? -1 : next++;
      const colour = theme.palette[index];
      if (colour === undefined && !given) break;
      looks.set(c.value, {
        value: c.value, label: c.label, colour: colour ?? theme.plain,
        shape: given ? term?.shape ?? 'circle' : SHAPES[index] ?? 'circle',
      });
    }
  }
  const parents = new Map(counts.map((c) => [c.value, c.parent]));
  for (const c of counts) {
    let at: string | undefined = c.value;
    while (at !== undefined && !looks.has(at)) at = parents.get(at);
    const look = at === undefined ? undefined : looks.get(at);
    if (look && c.value !== '') looks.set(c.value, look);
  }
  looks.set('', { value: '', label: other, colour: theme.plain, shape: 'circle' });
  return looks;
}

function channels(hex: string): [number, number, number] {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

function mixed(a: string, b: string, t: number): string {
  const [from, to] = [channels(a), channels(b)];
  return `rgb(${from.map((v, i) => Math.round(v + ((to[i] ?? v) - v) * t)).join(',')})`;
}

/* ---- marks ------------------------------------------------------------------------------- */

const RATIO = 2;

export interface Mark {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

function canvas(size: number, draw: (c: CanvasRenderingContext2D) => void): Mark {
  const element = document.createElement('canvas');
  element.width = element.height = Math.ceil(size) * RATIO;
  const c = element.getContext('2d');
  if (c) {
    c.scale(RATIO, RATIO);
    draw(c);
  }
  const data = c?.getImageData(0, 0, element.width, element.height).data ?? new Uint8ClampedArray(element.width * element.height * 4);
  return { width: element.width, height: element.height, data };
}

export function shapePath(shape: string, x: number, y: number, r: number): Path2D {
  const path = new Path2D();
  const corners = (n: number, turn: number, size = r): void => {
    for (let i = 0; i < n; i++) {
      const a = turn + (i * 2 * Math.PI) / n;
      path[i === 0 ? 'moveTo' : 'lineTo'](x + size * Math.cos(a), y + size * Math.sin(a));
    }
    path.closePath();
  };
  switch (shape) {
    case 'diamond': corners(4, 0, r * 1.12); break;
    case 'square': corners(4, Math.PI / 4, r * 1.12); break;
    case 'triangle': corners(3, -Math.PI / 2, r * 1.15); break;
    case 'pentagon': corners(5, -Math.PI / 2, r * 1.05); break;
    case 'hexagon': corners(6, 0); break;
    case 'bar': path.rect(x - r, y - r * 0.55, r * 2, r * 1.1); break;
    case 'cross':
      for (const [px, py] of [[-0.38, -1], [0.38, -1], [0.38, -0.38], [1, -0.38], [1, 0.38], [0.38, 0.38],
        [0.38, 1], [-0.38, 1], [-0.38, 0.38], [-1, 0.38], [-1, -0.38], [-0.38, -0.38]] as const) {
        path.lineTo(x + px * r, y + py * r);
      }
      path.closePath();
      break;
    case 'drop':
      path.moveTo(x, y - r * 1.15);
      path.quadraticCurveTo(x + r * 1.2, y + r * 0.1, x, y + r);
      path.quadraticCurveTo(x - r * 1.2, y + r * 0.1, x, y - r * 1.15);
      break;
    default: path.arc(x, y, r * 0.92, 0, 2 * Math.PI);
  }
  return path;
}

/** Hollow: known to the county only. */
export function singleMark(shape: string, colour: string, hollow: boolean, theme: Theme, size = 10): Mark {
  const middle = size * 1.5;
  return canvas(size * 3, (c) => {
    const path = shapePath(shape, middle, middle, size);
    c.lineJoin = 'round';
    c.lineWidth = 4;
    c.strokeStyle = theme.paper;
    c.stroke(path);
    c.fillStyle = hollow ? theme.paper : colour;
    c.fill(path);
    c.lineWidth = hollow ? 2.4 : 1;
    c.strokeStyle = hollow ? colour : theme.ink;
    c.stroke(path);
  });
}

/** Radius of a group's mark, in pixels. */
export function groupRadius(count: number): number {
  return 13 + 3.6 * Math.log10(Math.max(count, 1) + 1) * 1.6;
}

export function groupMark(shares: [string, number][], count: number, theme: Theme): Mark {
  const r = groupRadius(count);
  const middle = r + 3;
  return canvas(middle * 2, (c) => {
    c.fillStyle = theme.paper;
    c.beginPath();
    c.arc(middle, middle, r + 2, 0, 2 * Math.PI);
    c.fill();
    let from = -Math.PI / 2;
    const whole = shares.reduce((sum, [, n]) => sum + n, 0) || 1;
    for (const [colour, n] of shares) {
      const to = from + (n / whole) * 2 * Math.PI;
      c.beginPath();
      c.arc(middle, middle, r - 1.5, from, to);
      c.lineWidth = 5;
      c.strokeStyle = colour;
      c.stroke();
      from = to;
    }
    c.lineWidth = 1;
    c.strokeStyle = theme.ink;
    c.beginPath();
    c.arc(middle, middle, r + 1.2, 0, 2 * Math.PI);
    c.stroke();
  });
}

/** The same shape as a small SVG path for the key, in a box of 16. */
export function keyPath(shape: string): string {
  switch (shape) {
    case 'diamond': return 'M8 1L15 8L8 15L1 8z';
    case 'square': return 'M2 2H14V14H2z';
    case 'triangle': return 'M8 1L15 14H1z';
    case 'pentagon': return 'M8 1L15 6.2L12.3 14.5H3.7L1 6.2z';
    case 'hexagon': return 'M4.5 2H11.5L15 8L11.5 14H4.5L1 8z';
    case 'bar': return 'M1 4H15V12H1z';
    case 'cross': return 'M5.5 1H10.5V5.5H15V10.5H10.5V15H5.5V10.5H1V5.5H5.5z';
    case 'drop': return 'M8 0Q16 9 8 15Q0 9 8 0';
    default: return 'M8 1.5A6.5 6.5 0 1 1 7.99 1.5z';
  }
}
