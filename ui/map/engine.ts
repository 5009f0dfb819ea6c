/** MapLibre behind one door: the rest of the map knows only what is exported here.
 *
 * Records come as vector tiles, which MapLibre fetches, caches and decodes. They are not drawn by
 * its layers: the cells of low zooms stand eight pixels apart and would cover one another, so
 * whenever the map rests their points are gathered (groups.ts) into marks, drawn as one symbol
 * layer. Shapes (lines, areas) are drawn from the tiles where single records are. Letters come
 * from the visitor's own fonts: there is no glyph server, and no request leaves the host. */
import {
  Map as GlMap, NavigationControl, Popup, ScaleControl, setWorkerUrl,
  type GeoJSONSource, type MapMouseEvent, type StyleSpecification, type VectorTileSource,
} from 'maplibre-gl';
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { boxOf, gather, namePlace, type Group, type Spot } from './groups';
import { groupMark, singleMark, type Look, type Theme } from './paint';
import type { LonLat } from './state';
import type { Words } from './words';

/** From this zoom on tiles hold every record by itself. */
const POINTS_ZOOM = 12;
const TILE_ZOOM = 14;
/** Kept clear of marks when a box is fitted: tools above, credit and scale below. */
const ROOM = { top: 48, right: 24, bottom: 40, left: 16 };
const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };
/** Cells of what is known to the county only are some ten kilometres wide. */
const VAGUE_METRES = 5000;
/** From here on such records are words in their circle, never a mark at one point. */
const VAGUE_ZOOM = 11;

export interface EngineOptions {
  container: HTMLElement;
  bounds: [number, number, number, number];
  worker: string;
  tiles: string;
  base: FeatureCollection;
  theme: Theme;
  words: Words;
  nameOf: (properties: Record<string, unknown>) => string;
  pressed: (group: Group) => void;
  /** Marks were drawn: after moving, once tiles are there, and when colours changed. */
  drawn: (view: [number, number, number, number]) => void;
  failed: (error: unknown) => void;
}

export class Engine {
  readonly #map: GlMap;
  readonly #options: EngineOptions;
  #theme: Theme;
  #template: string;
  #looks = new Map<string, Look>();
  #groups: Group[] = [];
  #popup: Popup | null = null;
  #ready = false;
  #waiting: (() => void)[] = [];
  #restless = true;
  #picking = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#theme = options.theme;
    this.#template = options.tiles;
    setWorkerUrl(options.worker);
    const { words } = options;
    this.#map = new GlMap({
      container: options.container,
      style: this.#style(),
      bounds: options.bounds,
      fitBoundsOptions: { padding: ROOM },
      hash: 'map',
      minZoom: 4,
      maxZoom: 18,
      renderWorldCopies: false,
      attributionControl: false,
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      localIdeographFontFamily: options.theme.sans,
      locale: {
        'Map.Title': words.map,
        'NavigationControl.ZoomIn': words.zoomIn,
        'NavigationControl.ZoomOut': words.zoomOut,
        'Popup.Close': words.close,
        'CooperativeGesturesHandler.WindowsHelpText': words.wheel,
        'CooperativeGesturesHandler.MacHelpText': words.wheelMac,
        'CooperativeGesturesHandler.MobileHelpText': words.fingers,
      },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.#map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-right');
    this.#listen();
  }

  #listen(): void {
    const map = this.#map;
    map.on('load', () => {
      this.#ready = true;
      for (const then of this.#waiting.splice(0)) then();
    });
    map.on('error', (event) => {
      // A tile that did not come is tried again on the next move; a map that never began is not.
      if (!this.#ready && !map.isStyleLoaded()) this.#options.failed(event.error);
      else console.debug(event.error);
    });
    map.on('movestart', () => { this.#restless = true; });
    map.on('idle', () => {
      if (!this.#restless) return;
      this.#restless = false;
      this.#draw();
    });
    map.on('click', (event) => this.#click(event));
    map.on('mousemove', (event) => {
      if (this.#picking) return;
      map.getCanvas().style.cursor = this.#at(event.point) ? 'pointer' : '';
    });
  }

  /* ---- what is drawn ---------------------------------------------------------------------- */

  #style(): StyleSpecification {
    const t = this.#theme;
    const rank = (r: number): ['==', ['get', string], number] => ['==', ['get', 'rank'], r];
    const sheet: StyleSpecification = {
      version: 8,
      sources: {
        base: { type: 'geojson', data: this.#options.base },
        names: { type: 'geojson', data: this.#names() },
        tiles: { type: 'vector', tiles: [this.#template], minzoom: 0, maxzoom: TILE_ZOOM },
        vague: { type: 'geojson', data: NOTHING },
        marks: { type: 'geojson', data: NOTHING },
        area: { type: 'geojson', data: NOTHING },
      },
      layers: [
        { id: 'around', type: 'background', paint: { 'background-color': t.around } },
        { id: 'land', type: 'fill', source: 'base', filter: ['any', ['has', 'code'], ['has', 'adcode']], paint: { 'fill-color': t.land } },
        { id: 'lakes', type: 'fill', source: 'base', filter: ['all', ['==', ['geometry-type'], 'Polygon'], ['!', ['any', ['has', 'code'], ['has', 'adcode']]]], paint: { 'fill-color': t.water } },
        ...[3, 2, 1].map((r) => ({
          id: `rivers${r}`, type: 'line' as const, source: 'base', filter: rank(r),
          layout: { 'line-cap': 'round' as const, 'line-join': 'round' as const },
          paint: { 'line-color': t.river, 'line-width': ['interpolate', ['linear'], ['zoom'], 6, 2.4 - 0.6 * r, 12, 9 - 2 * r] as unknown as number },
        })),
        { id: 'borders', type: 'line', source: 'base', filter: ['any', ['has', 'code'], ['has', 'adcode']], paint: { 'line-color': t.border, 'line-opacity': 0.55, 'line-width': 0.8, 'line-dasharray': [3, 2.4] } },
        { id: 'areas', type: 'fill', source: 'tiles', 'source-layer': 'records', minzoom: POINTS_ZOOM, filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': t.accent, 'fill-opacity': 0.18 } },
        { id: 'lines', type: 'line', source: 'tiles', 'source-layer': 'records', minzoom: POINTS_ZOOM, filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': t.accent, 'line-width': 2 } },
        // Never seen: they make MapLibre fetch the layers that are gathered.
        { id: 'cells', type: 'circle', source: 'tiles', 'source-layer': 'records', paint: { 'circle-radius': 0, 'circle-opacity': 0 } },
        { id: 'rough', type: 'circle', source: 'tiles', 'source-layer': 'somewhere', paint: { 'circle-radius': 0, 'circle-opacity': 0 } },
        { id: 'vague-fill', type: 'fill', source: 'vague', paint: { 'fill-color': t.accent, 'fill-opacity': 0.08 } },
        { id: 'vague-line', type: 'line', source: 'vague', paint: { 'line-color': t.accent, 'line-width': 1.4, 'line-dasharray': [2, 2], 'line-opacity': 0.8 } },
        { id: 'area-fill', type: 'fill', source: 'area', paint: { 'fill-color': t.accent, 'fill-opacity': 0.1 } },
        { id: 'area-line', type: 'line', source: 'area', paint: { 'line-color': t.accent, 'line-width': 2.4 } },
        { id: 'area-corners', type: 'circle', source: 'area', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 4, 'circle-color': t.paper, 'circle-stroke-color': t.accent, 'circle-stroke-width': 2 } },
        {
          id: 'names', type: 'symbol', source: 'names', maxzoom: 13,
          layout: { 'text-field': ['get', 'text'], 'text-size': ['interpolate', ['linear'], ['zoom'], 6, 12, 10, 17], 'text-letter-spacing': 0.12, 'text-font': ['sans'], 'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'], 'text-radial-offset': 1.3, 'text-justify': 'auto' },
          paint: { 'text-color': t.border, 'text-halo-color': t.land, 'text-halo-width': 1.6 },
        },
        {
          id: 'titles', type: 'symbol', source: 'marks', minzoom: 8, filter: ['has', 'title'],
          layout: {
            'text-field': ['get', 'title'], 'text-size': 13, 'text-font': ['sans'], 'text-max-width': 12,
            'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1.4,
            'text-justify': 'auto', 'text-optional': true,
          },
          paint: { 'text-color': t.ink, 'text-halo-color': t.paper, 'text-halo-width': 1.8 },
        },
        {
          id: 'marks', type: 'symbol', source: 'marks',
          layout: {
            'icon-image': ['get', 'icon'], 'icon-allow-overlap': true,
            'symbol-sort-key': ['get', 'rank'],
            'text-field': ['get', 'figure'], 'text-size': ['get', 'size'], 'text-font': ['sans'],
            'text-allow-overlap': true,
          },
          paint: { 'text-color': t.ink },
        },
        { id: 'chosen', type: 'circle', source: 'marks', filter: ['==', ['get', 'id'], -1], paint: { 'circle-radius': 17, 'circle-opacity': 0, 'circle-stroke-color': t.accent, 'circle-stroke-width': 3 } },
      ],
    };
    return sheet;
  }

  #names(): FeatureCollection {
    const features: Feature[] = [];
    for (const feature of this.#options.base.features) {
      const { geometry, properties } = feature;
      const text = this.#options.nameOf(properties ?? {});
      if (!text || (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon')) continue;
      const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
      const rings = parts.map((part) => (part[0] ?? []) as LonLat[]);
      features.push({ type: 'Feature', properties: { text }, geometry: { type: 'Point', coordinates: namePlace(rings) } });
    }
    return { type: 'FeatureCollection', features };
  }

  #spots(layer: string, vague: boolean): Spot[] {
    const spots: Spot[] = [];
    const seen = new Set<number>();
    for (const feature of this.#map.querySourceFeatures('tiles', { sourceLayer: layer })) {
      const p = feature.properties as { id?: number; count?: number; value?: string; title?: string };
      const id = p.id ?? 0;
      if (id !== 0 && seen.has(id)) continue; // in the margins of two tiles
      seen.add(id);
      const at = pointOf(feature.geometry);
      if (at) spots.push({ at, id, count: p.count ?? 1, value: p.value ?? '', title: p.title ?? '', vague });
    }
    return spots;
  }

  #draw(): void {
    const zoom = this.#map.getZoom();
    const exact = this.#spots('records', false);
    const vague = this.#spots('somewhere', true);
    this.#groups = zoom < VAGUE_ZOOM
      ? gather([...exact, ...vague], zoom)
      : [...gather(exact, zoom), ...gather(vague, zoom)];
    this.#source('vague').setData({
      type: 'FeatureCollection',
      features: vague.map((s) => ({ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [circle(s.at, VAGUE_METRES)] } })),
    });
    this.#source('marks').setData({
      type: 'FeatureCollection',
      features: this.#groups.map((g, i) => this.#mark(g, i)),
    });
    this.#options.drawn(this.view());
  }

  #mark(group: Group, index: number): Feature {
    const one = group.spots.length === 1 && group.count === 1 ? group.spots[0] : undefined;
    const words = group.vague && this.#map.getZoom() >= VAGUE_ZOOM;
    const figure = words ? this.#options.words.around(one?.title ?? this.#options.words.here(group.count)) : one ? '' : short(group.count);
    return {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: group.at },
      properties: {
        index, figure, icon: words ? '' : this.#icon(group, one), rank: -group.count,
        size: group.count > 999 ? 11 : 13,
        ...(one && !words ? { id: one.id, title: one.title } : {}),
      },
    };
  }

  #icon(group: Group, one: Spot | undefined): string {
    const shares = this.#shares(group);
    const look = this.#look(one?.value ?? '');
    const icon = one
      ? `one ${look.shape} ${look.colour} ${one.vague}`
      : `many ${group.count} ${shares.map(([c, n]) => `${c}:${n}`).join(' ')}`;
    if (!this.#map.hasImage(icon)) {
      const mark = one
        ? singleMark(look.shape, look.colour, one.vague, this.#theme)
        : groupMark(shares, group.count, this.#theme);
      this.#map.addImage(icon, mark, { pixelRatio: 2 });
    }
    return icon;
  }

  #look(value: string): Pick<Look, 'colour' | 'shape'> {
    return this.#looks.get(value) ?? this.#looks.get('') ?? { colour: this.#theme.accent, shape: 'circle' };
  }

  #shares(group: Group): [string, number][] {
    const shares = new Map<string, number>();
    const order = [...this.#looks.values()].map((l) => l.colour);
    for (const [value, n] of group.values) {
      const { colour } = this.#look(value);
      shares.set(colour, (shares.get(colour) ?? 0) + n);
    }
    return [...shares].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
  }

  #source(name: string): GeoJSONSource {
    return this.#map.getSource(name) as GeoJSONSource;
  }

  /* ---- what others may do ----------------------------------------------------------------- */

  /** Now, or once the style stands: later changes of a source do not unmake it. */
  whenReady(then: () => void): void {
    if (this.#ready) then();
    else this.#waiting.push(then);
  }

  /** Whether they are others than before. The same ones asked for again while they come may never come to rest. */
  setTiles(template: string): boolean {
    if (template === this.#template) return false;
    this.#template = template;
    this.#restless = true;
    (this.#map.getSource('tiles') as VectorTileSource).setTiles([template]);
    return true;
  }

  setLooks(looks: Map<string, Look>): void {
    this.#looks = looks;
    // While tiles come there is nothing to draw yet: the map does so when it rests.
    this.whenReady(() => { if (!this.#restless) this.#draw(); });
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    for (const image of this.#map.listImages()) {
      if (/^(one|many) /.test(image)) this.#map.removeImage(image);
    }
    const fresh = this.#style();
    for (const layer of fresh.layers) {
      for (const [name, value] of Object.entries(layer.paint ?? {})) {
        this.#map.setPaintProperty(layer.id, name as never, value as never);
      }
    }
    this.#draw();
  }

  setArea(ring: LonLat[] | null, open = false): void {
    const features: Feature[] = [];
    if (ring && ring.length > 0) {
      const line = open ? ring : [...ring, ring[0] as LonLat];
      if (!open && ring.length > 2) {
        features.push({ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [line] } });
      } else if (line.length > 1) {
        features.push({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: line } });
      }
      if (open) {
        for (const corner of ring) features.push({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: corner } });
      }
    }
    this.whenReady(() => this.#source('area').setData({ type: 'FeatureCollection', features }));
  }

  highlight(id: number | null): void {
    this.whenReady(() => this.#map.setFilter('chosen', ['==', ['get', 'id'], id ?? -1]));
  }

  view(): [number, number, number, number] {
    const b = this.#map.getBounds();
    return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
  }

  centre(): LonLat {
    const c = this.#map.getCenter();
    return [c.lng, c.lat];
  }

  lonLat(event: PointerEvent | MouseEvent): LonLat {
    const box = this.#map.getCanvas().getBoundingClientRect();
    const p = this.#map.unproject([event.clientX - box.left, event.clientY - box.top]);
    return [p.lng, p.lat];
  }

  get surface(): HTMLElement {
    return this.#map.getCanvasContainer();
  }

  get canvas(): HTMLCanvasElement {
    return this.#map.getCanvas();
  }

  /** While a shape is drawn the map holds still. */
  setPicking(on: boolean): void {
    this.#picking = on;
    this.#map.dragPan[on ? 'disable' : 'enable']();
    this.#map.doubleClickZoom[on ? 'disable' : 'enable']();
    this.#map.getCanvas().style.cursor = on ? 'crosshair' : '';
    if (on) this.closePopup();
  }

  fit(box: [number, number, number, number]): void {
    this.#map.fitBounds(box, { padding: ROOM, maxZoom: 16, animate: !matchMedia('(prefers-reduced-motion: reduce)').matches });
  }

  closer(group: Group): void {
    const box = boxOf(group.spots);
    const zoom = this.#map.getZoom();
    if (box[2] - box[0] < 1e-6 && box[3] - box[1] < 1e-6) {
      this.#map.easeTo({ center: group.at, zoom: Math.min(zoom + 2, 16) });
    } else {
      this.fit(box);
    }
  }

  /** Can a group still be taken apart by going closer? */
  canSplit(group: Group): boolean {
    return this.#map.getZoom() < 15 && !group.vague;
  }

  /** How many entries the marks in view stand for. */
  countIn([west, south, east, north]: [number, number, number, number]): number {
    return this.#groups.flatMap((g) => g.spots)
      .filter((s) => s.at[0] >= west && s.at[0] <= east && s.at[1] >= south && s.at[1] <= north)
      .reduce((sum, s) => sum + s.count, 0);
  }

  popup(at: LonLat, content: HTMLElement): void {
    this.closePopup();
    this.#popup = new Popup({ maxWidth: '20rem', offset: 14, focusAfterOpen: false }).setLngLat(at).setDOMContent(content).addTo(this.#map);
  }

  closePopup(): void {
    this.#popup?.remove();
    this.#popup = null;
  }

  #at(point: { x: number; y: number }): Group | undefined {
    const reach = 8;
    const hits = this.#map.queryRenderedFeatures(
      [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]], { layers: ['marks'] });
    const index = hits[0]?.properties['index'] as number | undefined;
    return index === undefined ? undefined : this.#groups[index];
  }

  #click(event: MapMouseEvent): void {
    if (this.#picking) return;
    const group = this.#at(event.point);
    if (group) this.#options.pressed(group);
  }

  resize(): void {
    this.#map.resize();
  }

  remove(): void {
    this.#map.remove();
  }
}

/** One place for a shape: the middle of its box. */
function pointOf(geometry: Geometry): LonLat | null {
  if (geometry.type === 'Point') return geometry.coordinates as LonLat;
  if (geometry.type === 'GeometryCollection') return null;
  const flat: number[] = (geometry.coordinates as unknown[]).flat(3) as number[];
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    west = Math.min(west, flat[i] ?? west);
    east = Math.max(east, flat[i] ?? east);
    south = Math.min(south, flat[i + 1] ?? south);
    north = Math.max(north, flat[i + 1] ?? north);
  }
  return Number.isFinite(west) ? [(west + east) / 2, (south + north) / 2] : null;
}

function circle([lon, lat]: LonLat, metres: number): LonLat[] {
  const dy = metres / 111195;
  const dx = dy / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: 49 }, (_, i): LonLat => {
    const a = (i * Math.PI) / 24;
    return [lon + dx * Math.cos(a), lat + dy * Math.sin(a)];
  });
}

function short(n: number): string {
  return n < 10000 ? String(n) : `${Math.round(n / 1000)}k`;
}
