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

const AREA = /(?:^| AND )S_INTERSECTS\(([\w.]+),POLYGON\(\(([-\d., ]+)\)\)\)$/;

export function readState(search: string, config: Config): State {
  const params = new URLSearchParams(search);
  const values = new Map<string, string[]>();
  for (const facet of config.facets) {
    const given = params.getAll(facet.field);
    if (given.length > 0) values.set(facet.field, given);
  }
  const { extra, area } = readFilter(params.get('filter') ?? '', config);
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

/** What we append to a filter is taken off its end again; what is left is somebody else's. */
function readFilter(filter: string, config: Config): Pick<State, 'extra' | 'area'> {
  let rest = filter;
  let area: LonLat[] | null = null;
  const match = AREA.exec(filter);
  if (match && match[1] === config.place) {
    area = readRing(match[2] ?? '');
    if (area) rest = filter.slice(0, match.index);
  }
  const dated = datedOf(config);
  if (dated && (rest === dated || rest.endsWith(` AND ${dated}`))) {
    rest = rest.slice(0, Math.max(0, rest.length - dated.length - 5));
  }
  const wrapped = rest !== filter && /^\([^]*\)$/.test(rest);
  return { extra: wrapped ? rest.slice(1, -1) : rest, area };
}

function readRing(text: string): LonLat[] | null {
  const ring = text.split(',').map((pair): LonLat => {
    const [lon, lat] = pair.trim().split(' ').map(Number);
    return [lon ?? NaN, lat ?? NaN];
  });
  ring.pop();
  return ring.length >= 3 && ring.flat().every(Number.isFinite) ? ring : null;
}

/** A time asked for lets records without one through, as OGC has it; who wants the certain does
 * not want those. */
function datedOf(config: Config): string {
  return config.time ? `${config.time} IS NOT NULL` : '';
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
  const ours: string[] = [];
  if (state.certain && datedOf(config)) ours.push(datedOf(config));
  if (state.area && config.place) {
    const ring = [...state.area, state.area[0]].map((p) => (p ?? []).map((v) => +v.toFixed(5)).join(' '));
    ours.push(`S_INTERSECTS(${config.place},POLYGON((${ring.join(',')})))`);
  }
  if (ours.length === 0) return state.extra;
  return [...(state.extra ? [`(${state.extra})`] : []), ...ours].join(' AND ');
}

/** What the API and the tiles are asked. */
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
