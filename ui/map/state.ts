/** What the large map shows, as the page's address says it. Pure: no document, no network.
 *
 * One set of parameters serves the page (/map, its list), the API (counts) and the tiles: q, a
 * value for every facet ticked, datetime, certain, filter. The page has `type` besides, tiles and
 * page `colour`. A selected area is the last part of the filter; what stood before it is kept. */

export interface Term {
  code: string;
  label: string;
  shape?: string;
  colour?: number;
}

export interface Facet {
  field: string;
  label: string;
  kind: string;
  colour?: boolean;
  /** Years in a bar: the facet counts periods. */
  bar?: number;
  terms?: Term[];
}

export interface Config {
  lang: 'zh' | 'en';
  type: string;
  collection: string;
  list: string;
  worker?: string;
  base?: string;
  facets: Facet[];
  time?: string;
  place?: string;
  colour?: string;
  /** West, south, east, north in units of 1e-7 degree. */
  box: [number, number, number, number];
}

export type LonLat = [number, number];

export interface State {
  q: string;
  /** Values ticked, by facet. */
  values: Map<string, string[]>;
  years: [number, number] | null;
  certain: boolean;
  colour: string;
  /** A CQL2 condition that came with the address and is none of ours. */
  extra: string;
  /** The selected area: an open ring, or null. */
  area: LonLat[] | null;
}

const AREA = /^(?:\(([^]*)\) AND )?S_INTERSECTS\(([\w.]+),POLYGON\(\(([-\d., ]+)\)\)\)$/;

export function readState(search: string, config: Config): State {
  const params = new URLSearchParams(search);
  const values = new Map<string, string[]>();
  for (const facet of config.facets) {
    const given = params.getAll(facet.field);
    if (given.length > 0) values.set(facet.field, given);
  }
  const { extra, area } = readFilter(params.get('filter') ?? '', config.place);
  const colour = params.get('colour') ?? config.colour ?? '';
  return {
    q: params.get('q') ?? '',
    values,
    years: readYears(params.get('datetime') ?? ''),
    certain: params.get('certain') === 'true',
    colour: config.facets.some((f) => f.field === colour) ? colour : '',
    extra,
    area,
  };
}

function readFilter(filter: string, place: string | undefined): Pick<State, 'extra' | 'area'> {
  const match = AREA.exec(filter);
  if (!match || match[2] !== place) return { extra: filter, area: null };
  const ring = (match[3] ?? '').split(',').map((pair): LonLat => {
    const [lon, lat] = pair.trim().split(' ').map(Number);
    return [lon ?? NaN, lat ?? NaN];
  });
  ring.pop();
  const whole = ring.length >= 3 && ring.flat().every(Number.isFinite);
  return whole ? { extra: match[1] ?? '', area: ring } : { extra: filter, area: null };
}

function readYears(datetime: string): State['years'] {
  const match = /^(-?\d{4})-01-01\/(-?\d{4})-12-31$/.exec(datetime);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

/** 37 → "0037": a year as dates write it. */
function fourDigits(year: number): string {
  return (year < 0 ? '-' : '') + String(Math.abs(year)).padStart(4, '0');
}

export function filterOf(state: State, config: Config): string {
  if (!state.area || !config.place) return state.extra;
  const ring = [...state.area, state.area[0]].map((p) => (p ?? []).map((v) => +v.toFixed(5)).join(' '));
  const within = `S_INTERSECTS(${config.place},POLYGON((${ring.join(',')})))`;
  return state.extra ? `(${state.extra}) AND ${within}` : within;
}

/** What the API and the tiles are asked. `without`: leave one facet's own ticks out. */
export function query(state: State, config: Config): URLSearchParams {
  const params = new URLSearchParams();
  if (state.q) params.set('q', state.q);
  for (const [field, list] of state.values) {
    for (const value of list) params.append(field, value);
  }
  if (state.years) {
    params.set('datetime', `${fourDigits(state.years[0])}-01-01/${fourDigits(state.years[1])}-12-31`);
  }
  if (state.certain) params.set('certain', 'true');
  const filter = filterOf(state, config);
  if (filter) params.set('filter', filter);
  return params;
}

/** The page's own address: what to send to a colleague. */
export function pageQuery(state: State, config: Config): URLSearchParams {
  const params = new URLSearchParams({ type: config.type });
  for (const [name, value] of query(state, config)) params.append(name, value);
  if (state.colour && state.colour !== config.colour) params.set('colour', state.colour);
  return params;
}

/** OGC paths have the row, which MapLibre calls y, before the column. */
export function tileTemplate(state: State, config: Config, origin: string): string {
  const params = query(state, config);
  if (state.colour) params.set('colour', state.colour);
  const text = params.toString();
  return `${origin}${config.collection}/tiles/WebMercatorQuad/{z}/{y}/{x}${text ? `?${text}` : ''}`;
}

export function toggled(state: State, field: string, value: string): State {
  const values = new Map(state.values);
  const now = values.get(field) ?? [];
  const next = now.includes(value) ? now.filter((v) => v !== value) : [...now, value];
  if (next.length > 0) values.set(field, next);
  else values.delete(field);
  return { ...state, values };
}

export function cleared(state: State): State {
  return { ...state, q: '', values: new Map(), years: null, certain: false, extra: '', area: null };
}

export function isNarrowed(state: State): boolean {
  return state.q !== '' || state.values.size > 0 || state.years !== null || state.certain ||
    state.extra !== '' || state.area !== null;
}
