/** <xd-map data-config>: the large map around a list of the same records.
 *
 * The page is whole without it: the element wraps the list and a still map, and puts a map one can
 * move in the still one's place. When anything it needs is missing or fails (WebGL, the worker, the
 * network) the still map stays. What is shown is in the address: filters in its query, the view in
 * its fragment, so every state can be sent to a colleague, and Back undoes a filter. The list is the
 * server's own, fetched for the view; the element knows no type and no field by name. */
import type { FeatureCollection } from 'geojson';
import { button, h } from './map/dom';
import { Engine } from './map/engine';
import { boxOf, type Group } from './map/groups';
import { looksOf, themeOf, type Count } from './map/paint';
import { Panel, readCounts, type Counts } from './map/panel';
import { AreaTool } from './map/select';
import { cleared, pageQuery, query, readState, tileTemplate, toggled, type Config, type State } from './map/state';
import { wordsOf, type Words } from './map/words';
import { Years } from './map/years';

type Box = [number, number, number, number];

const UNITS = 1e7;
const LIST_WAIT_MS = 350;
const LISTED = 12;
/** Half the width of a cell of what is known to the county only. */
const VAGUE_DEGREES = 0.06;

export class XdMap extends HTMLElement {
  #stop = new AbortController();
  #config: Config | null = null;
  #words: Words = wordsOf('zh');
  #state: State | null = null;
  #engine: Engine | null = null;
  #panel: Panel | null = null;
  #years: Years | null = null;
  #tool: AreaTool | null = null;
  /** Counts of everything: the colours' order and the years' span stay while filters change. */
  #all: Counts | null = null;
  #counts: Counts | null = null;
  #asking: AbortController | null = null;
  #listing: AbortController | null = null;
  #wait = 0;
  /** The still map's picture, where the live one will be, until that is drawn. */
  #cover: Element | null = null;
  /** The marks are those of the tiles asked for: until then there is no number of them to say. */
  #settled = false;

  connectedCallback(): void {
    const config = JSON.parse(this.dataset['config'] ?? 'null') as Config | null;
    const still = this.querySelector<HTMLElement>('.atlas-still');
    if (!config?.worker || !config.base || !still || !canDraw()) return;
    this.#config = config;
    this.#words = wordsOf(config.lang);
    this.#state = readState(location.search, config);
    void this.#begin(config, still).catch((error: unknown) => this.#giveUp(error));
  }

  disconnectedCallback(): void {
    this.#stop.abort();
    this.#engine?.remove();
  }

  /* ---- beginning -------------------------------------------------------------------------- */

  async #begin(config: Config, still: HTMLElement): Promise<void> {
    const { signal } = this.#stop;
    const [base, all] = await Promise.all([
      fetchJson(config.base ?? '', signal) as Promise<FeatureCollection>,
      fetchJson(`${config.collection}/facets`, signal),
      reached(config.worker ?? '', signal), // a worker that does not come says nothing by itself
    ]);
    this.#all = readCounts(all);
    const state = this.#state as State;
    const canvas = h('div', { class: 'atlas-canvas' });
    const screen = h('div', { class: 'atlas-screen' }, canvas);
    this.#cover = coverOf(still);
    if (this.#cover) screen.append(this.#cover);
    const stage = h('div', { class: 'atlas-stage' }, screen);
    still.before(stage);
    still.hidden = true;
    this.classList.add('is-live');
    this.#furnish(config, stage);
    const home = config.box.map((v) => v / UNITS) as Box;
    const engine = new Engine({
      container: canvas,
      bounds: home,
      worker: config.worker ?? '',
      tiles: tileTemplate(state, config, location.origin),
      base,
      theme: themeOf(this),
      words: this.#words,
      nameOf: (p) => String((config.lang === 'en' ? p['name_en'] ?? p['name'] : p['name']) ?? ''),
      pressed: (group) => this.#pressed(group),
      drawn: (view) => this.#drawn(view),
      failed: (error) => this.#giveUp(error),
    });
    this.#engine = engine;
    this.#tool = new AreaTool(engine, this.#words, (area) => this.#change({ ...(this.#state as State), area }), signal);
    this.#tool.element.prepend(button(this.#words.fit, () => engine.fit(home)));
    if (config.place) screen.append(this.#tool.element);
    const credit = still.querySelector('.credit');
    if (credit) screen.append(credit.cloneNode(true));
    this.#listen(still);
    await this.#refresh();
  }

  #furnish(config: Config, stage: HTMLElement): void {
    const { signal } = this.#stop;
    this.#panel = new Panel(config, this.#words,
      (field, value) => this.#change(toggled(this.#state as State, field, value)),
      () => this.#change(cleared(this.#state as State)),
      (colour) => this.#change({ ...(this.#state as State), colour }));
    stage.append(this.#panel.key);
    const time = config.facets.find((f) => f.bar !== undefined && f.field === config.time);
    const bars = time ? this.#all?.facets.get(time.field) ?? [] : [];
    if (time && bars.some((c) => c.value !== '')) {
      this.#years = new Years(time.label, bars, time.bar ?? 10, this.#words,
        (years, certain) => this.#change({ ...(this.#state as State), years, certain }), signal);
      stage.append(this.#years.element);
    }
    this.querySelector('.atlas-list .rows')?.before(this.#panel.element);
  }

  #listen(still: HTMLElement): void {
    const { signal } = this.#stop;
    const list = this.querySelector('.atlas-list');
    const idOf = (event: Event): number | null => {
      const row = (event.target as Element).closest('[data-id]');
      return row ? Number(row.getAttribute('data-id')) : null;
    };
    for (const kind of ['mouseover', 'focusin']) {
      list?.addEventListener(kind, (event) => this.#engine?.highlight(idOf(event)), { signal });
    }
    for (const kind of ['mouseleave', 'focusout']) {
      list?.addEventListener(kind, () => this.#engine?.highlight(null), { signal });
    }
    addEventListener('popstate', () => {
      if (!this.#config) return;
      this.#state = readState(location.search, this.#config);
      void this.#refresh();
    }, { signal });
    const repaint = (): void => {
      this.#engine?.setTheme(themeOf(this));
      this.#colours();
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint, { signal });
    const watch = new MutationObserver(repaint);
    watch.observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
    signal.addEventListener('abort', () => watch.disconnect());
    still.querySelectorAll('a').forEach((a) => a.setAttribute('tabindex', '-1'));
  }

  #giveUp(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    console.warn(error instanceof Error ? `${error.message}` : error);
    this.#stop.abort();
    this.#engine?.remove();
    this.#engine = null;
    this.querySelector('.atlas-stage')?.remove();
    this.#panel?.element.remove();
    this.classList.remove('is-live');
    const still = this.querySelector<HTMLElement>('.atlas-still');
    if (still) {
      still.hidden = false;
      still.before(h('p', { class: 'atlas-note', role: 'status' }, this.#words.failed));
    }
  }

  /* ---- state ------------------------------------------------------------------------------ */

  #change(state: State): void {
    if (!this.#config) return;
    this.#state = state;
    history.pushState(null, '', `?${pageQuery(state, this.#config)}${location.hash}`);
    void this.#refresh();
  }

  async #refresh(): Promise<void> {
    const [config, state, engine] = [this.#config, this.#state, this.#engine];
    if (!config || !state || !engine) return;
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    engine.closePopup();
    engine.whenReady(() => {
      if (engine.setTiles(tileTemplate(state, config, location.origin))) this.#settled = false;
    });
    this.#tool?.show(state.area);
    try {
      const asked = query(state, config).toString();
      this.#counts = asked ? readCounts(await fetchJson(`${config.collection}/facets?${asked}`, signal)) : this.#all;
    } catch (error) {
      if (!signal.aborted) this.#panel?.say(this.#words.stale);
      return;
    }
    if (!this.#counts) return;
    this.#panel?.show(state, this.#counts);
    this.#years?.show(state.years, state.certain, this.#counts.facets.get(config.time ?? '') ?? []);
    this.#colours();
    this.#say(null);
  }

  /** Colours by the order of all counts, so that none changes under a filter; figures of now. */
  #colours(): void {
    const [config, state] = [this.#config, this.#state];
    if (!config || !state || !this.#all || !this.#counts) return;
    const facet = config.facets.find((f) => f.field === state.colour);
    const looks = looksOf(facet, this.#all.facets.get(state.colour) ?? [], themeOf(this), this.#words.other);
    this.#engine?.setLooks(looks);
    this.#panel?.showKey(looks, this.#counts.facets.get(state.colour) ?? []);
  }

  /* ---- the view --------------------------------------------------------------------------- */

  #drawn(view: Box): void {
    this.#settled = true;
    this.#cover?.remove();
    this.#cover = null;
    this.#say(this.#engine?.countIn(view) ?? null);
    clearTimeout(this.#wait);
    this.#wait = window.setTimeout(() => void this.#list(view), LIST_WAIT_MS);
  }

  #say(inView: number | null): void {
    const counts = this.#counts;
    if (!counts) return;
    const parts = [this.#words.count(counts.matched)];
    if (this.#settled) parts.push(this.#words.inView(inView ?? this.#engine?.countIn(this.#engine.view()) ?? 0));
    if (counts.placeless > 0) parts.push(this.#words.placeless(counts.placeless));
    this.#panel?.say(parts.join(' · '));
  }

  /** Rows of the page's own list, asked for a box: the same the server writes without script. */
  async #rows(box: Box, signal: AbortSignal): Promise<Element[]> {
    const asked = pageQuery(this.#state as State, this.#config as Config);
    asked.set('bbox', box.map((v) => v.toFixed(5)).join(','));
    const answer = await fetch(`${location.pathname}?${asked}`, { signal, headers: { accept: 'text/html' } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return [...page.querySelectorAll('.atlas-list .rows > *')];
  }

  async #list(view: Box): Promise<void> {
    const list = this.querySelector('.atlas-list .rows');
    if (!list) return;
    this.#listing?.abort();
    this.#listing = new AbortController();
    const { signal } = this.#listing;
    try {
      const rows = await this.#rows(view, signal);
      if (list.contains(document.activeElement)) return; // never from under the focus
      list.replaceChildren(...rows.map((row) => document.importNode(row, true)));
      this.querySelector('.atlas-list .intro')?.setAttribute('hidden', '');
    } catch (error) {
      if (!signal.aborted) this.#panel?.say(this.#words.stale);
    }
  }

  #pressed(group: Group): void {
    const engine = this.#engine;
    if (!engine) return;
    const named = group.spots.filter((s) => s.id !== 0);
    const whole = named.length === group.count;
    if (engine.canSplit(group) && (!whole || group.count > LISTED)) {
      engine.closer(group);
      return;
    }
    const card = h('div', { class: 'atlas-card' });
    if (whole) this.#fillCard(card, group, named.map((s): [string, string] => [`${this.#config?.list ?? ''}/${s.id}`, s.title || `#${s.id}`]));
    else void this.#askCard(card, group);
    engine.popup(group.at, card);
  }

  /** A cell only says how many: which they are the list knows. */
  async #askCard(card: HTMLElement, group: Group): Promise<void> {
    const [west, south, east, north] = boxOf(group.spots);
    const reach = group.vague ? VAGUE_DEGREES : 1e-4;
    card.append(h('p', {}, this.#words.here(group.count)));
    try {
      const rows = await this.#rows([west - reach, south - reach, east + reach, north + reach], this.#stop.signal);
      const links = rows.flatMap((row): [string, string][] => {
        const a = row.querySelector('a');
        return a ? [[a.getAttribute('href') ?? '', (a.querySelector('.nm') ?? a).textContent ?? '']] : [];
      });
      card.replaceChildren();
      this.#fillCard(card, group, links);
    } catch {
      if (!this.#stop.signal.aborted) card.append(h('p', { class: 'atlas-note' }, this.#words.stale));
    }
  }

  #fillCard(card: HTMLElement, group: Group, links: [string, string][]): void {
    const anchors = links.slice(0, LISTED).map(([href, text]) => h('a', { href }, text));
    const [first] = anchors;
    if (links.length === 1 && first) {
      const label = this.#labelOf(group.spots[0]?.value ?? '');
      card.append(h('p', {}, first));
      if (label) card.append(h('p', { class: 'atlas-note' }, label));
    } else {
      card.append(h('p', {}, this.#words.here(links.length)), h('ul', {}, ...anchors.map((a) => h('li', {}, a))));
      if (links.length > LISTED) card.append(h('p', { class: 'atlas-note' }, this.#words.more(links.length - LISTED)));
    }
    if (group.vague) card.append(h('p', { class: 'atlas-note' }, this.#words.countyOnly));
  }

  #labelOf(value: string): string {
    const counts: Count[] = this.#all?.facets.get(this.#state?.colour ?? '') ?? [];
    return value === '' ? '' : counts.find((c) => c.value === value)?.label ?? '';
  }
}

async function fetchJson(address: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

async function reached(address: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await answer.arrayBuffer();
}

/** Without its hills: a picture that comes again would be taken for the page's greatest. */
function coverOf(still: HTMLElement): Element | null {
  const cover = still.querySelector('svg.mapsvg')?.cloneNode(true) as Element | undefined;
  cover?.classList.add('atlas-cover');
  cover?.querySelectorAll('image').forEach((image) => image.remove());
  return cover ?? null;
}

function canDraw(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

customElements.define('xd-map', XdMap);
