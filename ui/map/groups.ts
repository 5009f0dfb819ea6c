/** Places near each other on the screen, gathered into groups with counts. Pure. */
import type { LonLat } from './state';

export interface Spot {
  at: LonLat;
  count: number;
  /** Code of the colour; '' where there is none. */
  value: string;
  id: number;
  title: string;
  /** Known to the county only: somewhere around here. */
  vague: boolean;
}

export interface Group {
  at: LonLat;
  count: number;
  values: Map<string, number>;
  /** None of its members has a place of its own. */
  vague: boolean;
  /** Its members; only single records have ids and titles. */
  spots: Spot[];
}

/** World pixels at a zoom, as MapLibre counts them: 512 to the whole at zoom 0. */
export function project([lon, lat]: LonLat, zoom: number): [number, number] {
  const size = 512 * 2 ** zoom;
  const sin = Math.sin((lat * Math.PI) / 180);
  return [(lon / 360 + 0.5) * size, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size];
}

export function unproject(x: number, y: number, zoom: number): LonLat {
  const size = 512 * 2 ** zoom;
  const lat = Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / size)));
  return [(x / size - 0.5) * 360, (lat * 180) / Math.PI];
}

/** How far apart marks stand, in pixels: wide where cells are, narrow where records are. */
export function radiusAt(zoom: number): number {
  return zoom < 9 ? 38 : zoom < 12 ? 30 : zoom < 15 ? 22 : 6;
}

interface Heap {
  x: number;
  y: number;
  group: Group;
}

/** Greedy, the largest first: each joins the nearest group within the radius or begins one. */
export function gather(spots: Spot[], zoom: number): Group[] {
  const radius = radiusAt(zoom);
  const squares = new Map<string, Heap[]>();
  const groups: Group[] = [];
  const order = [...spots].sort((a, b) => b.count - a.count || a.id - b.id);
  for (const spot of order) {
    const [x, y] = project(spot.at, zoom);
    const home = nearest(squares, x, y, radius);
    if (home) {
      join(home, x, y, spot, zoom);
      continue;
    }
    const group: Group = { at: spot.at, count: spot.count, values: new Map(), vague: spot.vague, spots: [spot] };
    group.values.set(spot.value, spot.count);
    groups.push(group);
    const key = squareOf(x, y, radius);
    squares.set(key, [...(squares.get(key) ?? []), { x, y, group }]);
  }
  return groups;
}

function squareOf(x: number, y: number, radius: number): string {
  return `${Math.floor(x / radius)} ${Math.floor(y / radius)}`;
}

function nearest(squares: Map<string, Heap[]>, x: number, y: number, radius: number): Heap | null {
  let best: Heap | null = null;
  let least = radius * radius;
  for (let dx = -1; dx <= 1; dx++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (const heap of squares.get(squareOf(x + dx * radius, y + dy * radius, radius)) ?? []) {
        const d = (heap.x - x) ** 2 + (heap.y - y) ** 2;
        if (d < least) {
          least = d;
          best = heap;
        }
      }
    }
  }
  return best;
}

/** The group moves to the mean of its members; the square it was begun in stays its address. */
function join(heap: Heap, x: number, y: number, spot: Spot, zoom: number): void {
  const { group } = heap;
  const [gx, gy] = project(group.at, zoom);
  const count = group.count + spot.count;
  group.at = unproject(
    (gx * group.count + x * spot.count) / count,
    (gy * group.count + y * spot.count) / count,
    zoom,
  );
  group.count = count;
  group.values.set(spot.value, (group.values.get(spot.value) ?? 0) + spot.count);
  group.vague = group.vague && spot.vague;
  group.spots.push(spot);
}

/** The box around a group's members: west, south, east, north. */
export function boxOf(spots: Spot[]): [number, number, number, number] {
  const lons = spots.map((s) => s.at[0]);
  const lats = spots.map((s) => s.at[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** Where to write an area's name: the middle of the widest stretch inside its largest ring,
 * along the parallel half way up. */
export function namePlace(rings: LonLat[][]): LonLat {
  let ring: LonLat[] = [];
  let size = -1;
  for (const r of rings) {
    const a = Math.abs(ringArea(r));
    if (a > size) {
      size = a;
      ring = r;
    }
  }
  const lats = ring.map((p) => p[1]);
  let best: LonLat = ring[0] ?? [0, 0];
  let widest = -1;
  for (const share of [0.4, 0.5, 0.6]) {
    const lat = Math.min(...lats) + (Math.max(...lats) - Math.min(...lats)) * share;
    const cuts = crossings(ring, lat);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const from = cuts[i] ?? 0;
      const to = cuts[i + 1] ?? 0;
      if (to - from > widest * (share === 0.5 ? 0.95 : 1)) {
        widest = to - from;
        best = [(from + to) / 2, lat];
      }
    }
  }
  return best;
}

function ringArea(ring: LonLat[]): number {
  let sum = 0;
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length] ?? a;
    sum += a[0] * b[1] - b[0] * a[1];
  });
  return sum / 2;
}

function crossings(ring: LonLat[], lat: number): number[] {
  const out: number[] = [];
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length] ?? a;
    if (a[1] > lat !== b[1] > lat) out.push(a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
  });
  return out.sort((x, y) => x - y);
}
