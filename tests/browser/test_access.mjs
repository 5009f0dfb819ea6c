/** Accessibility of every kind of page: axe-core in light and dark at three widths, no sideways
 * scrolling, contrast of what is drawn on maps (axe does not see into SVG), and the accessibility
 * tree of home, list and record of a small site (tests/cases/site) kept as text (XIUDAI_GOLDEN=write writes it anew). */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { browser, check, finish, page, root, same, siteOf, test } from './site.mjs';

const axe = await readFile(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const pages = {
  home: '/', list: '/heritage', table: '/heritage?show=table', found: '/heritage?q=%E8%8C%B6', nothing: '/heritage?q=zzzzzz',
  record: '/heritage/341823-G-0001', county: '/heritage/340102-G-0001', history: '/heritage/341823-G-0001/history',
  map: '/map', data: '/data', doors: '/door', door: '/door/visit', counted: '/heritage?show=statistics', overview: '/data/overview', dataset: '/data/heritage', about: '/about/data', english: '/en/heritage/341823-G-0001', elder: '/?view=elder', missing: '/nothing-here',
};
const everywhere = ['home', 'list', 'record', 'map', 'data'];

const here = await siteOf(['data/seed', 'data/sample']);
const chrome = await browser();

for (const [name, address] of Object.entries(pages)) {
  const { p, wrong, close } = await page(chrome, here.base, { bypassCSP: true, reducedMotion: 'reduce' });
  await p.goto(here.base + address, { waitUntil: 'load' });
  if (name === 'map') await p.waitForSelector('.atlas.is-live .atlas-key li, .atlas-note + .atlas-still');
  await p.evaluate(axe);
  for (const width of [1440, 390, 320]) {
    await p.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark']) {
      if (!everywhere.includes(name) && (width === 390 || (colorScheme === 'dark') === (width === 1440))) continue;
      await p.emulateMedia({ colorScheme });
      await test(`${name} ${colorScheme} ${width}`, async () => {
        const sideways = await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        const found = await p.evaluate(() => globalThis.axe.run(document, {
          resultTypes: ['violations'],
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        }));
        check(sideways <= 0, `scrolls ${sideways} px sideways`);
        check(found.violations.length === 0, found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + n.any.concat(n.all, n.none).map((c) => c.message).join(' ').slice(0, 200)).join(' | ')}`).join('\n'));
      });
    }
  }
  await test(`${name}: no error, nothing asked of others`, () => {
    const expected = name === 'missing' ? wrong.filter((w) => !w.includes('404')) : wrong;
    check(expected.length === 0, expected.join('; '));
  });
  await close();
}

/* ---- the pages of every type, in Chinese and English; no type is named. A type without real records is walked with
 * its samples. All of them in the long suite; else of each type two, in the language whose turn it is. ---- */
{
  const { p, close } = await page(chrome, here.base, { bypassCSP: true, reducedMotion: 'reduce', viewport: { width: 390, height: 900 } });
  const ask = async (address) => (await fetch(here.base + address)).json();
  const { collections } = await ask('/api/collections');
  const state = (await readFile(path.join(root, 'data/sample/load.tsv'), 'utf8')).split('\n').find((l) => l && !l.startsWith('#')).split('\t')[2];
  const samples = `filter=${encodeURIComponent(`state = '${state}'`)}`;
  const soak = process.env.XIUDAI_SOAK === '1';
  for (const [i, { id, links }] of collections.entries()) {
    let only = '', { features } = await ask(`/api/collections/${id}/items?limit=1`);
    if (features.length === 0) {
      only = samples;
      ({ features } = await ask(`/api/collections/${id}/items?limit=1&${only}`));
    }
    await test(`every type has a record to look at: ${id}`, () => check(features.length === 1, 'none, not even a sample'));
    if (features.length === 0) continue;
    const record = new URL(features[0].properties.page).pathname;
    const kinds = [`/${id}?${only}`, record, `/${id}?show=statistics&${only}`, `/data/${id}`, `/${id}?show=table&${only}`];
    const all = [...kinds, ...(links.some((l) => l.href.includes('tilejson')) ? [`/map?type=${id}`] : [])];
    const addresses = soak ? [...all, ...all.map((a) => `/en${a}`)] : [kinds[i % 5], kinds[(i + 2) % 5]].map((a, k) => ((i + k) % 2 ? `/en${a}` : a));
    for (const address of addresses) {
      await test(`every type: ${address}`, async () => {
        await p.goto(here.base + address, { waitUntil: 'load' });
        await p.evaluate(axe);
        const sideways = await p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        const { violations } = await p.evaluate(() => globalThis.axe.run(document, {
          resultTypes: ['violations'],
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        }));
        check(sideways <= 0, `scrolls ${sideways} px sideways`);
        check(violations.length === 0, violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`).join('\n'));
      });
    }
  }
  await close();
}

/* ---- contrast of drawn things ---- */
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m);
  return (x + 0.05) / (y + 0.05);
};
for (const colorScheme of ['light', 'dark']) {
  await test(`contrast ${colorScheme}`, async () => {
    const { p, close } = await page(chrome, here.base, { colorScheme });
    await p.goto(here.base);
    const token = Object.fromEntries(await p.evaluate(() => {
      const probe = document.createElement('i');
      document.body.append(probe);
      return ['ink', 'ink-2', 'ink-3', 'paper', 'paper-2', 'paper-3', 'land', 'around', 'c0', 'c1', 'c1-edge', 'c2', 'rust', 'on-rust', 'copper', 'copper-t', 'patina', 'patina-t', 'line-2', 'focus', 'mark', 'cn'].map((name) => {
        probe.style.color = `var(--${name})`;
        return [name, getComputedStyle(probe).color.match(/\d+/g).slice(0, 3).map(Number)];
      });
    }));
    await close();
    const wanted = [
      ['ink-2', 'land', 4.5], ['ink-3', 'land', 4.5], ['ink', 'paper-2', 4.5], ['ink-2', 'around', 4.5],
      ['ink-3', 'paper', 4.5], ['ink-3', 'paper-2', 4.5], ['ink-3', 'paper-3', 4.5], ['patina', 'paper', 4.5], ['patina', 'paper-2', 4.5],
      ['rust', 'paper-2', 4.5], ['on-rust', 'rust', 4.5], ['copper', 'paper-2', 4.5], ['copper', 'copper-t', 4.5], ['ink', 'patina-t', 4.5], ['ink', 'mark', 4.5],
      ['c0', 'land', 3], ['c2', 'land', 3], ['c1-edge', 'land', 3], ['cn', 'land', 3], ['line-2', 'paper-2', 3], ['focus', 'paper', 3], ['focus', 'land', 3],
    ];
    const low = wanted.filter(([a, b, least]) => contrast(token[a], token[b]) < least);
    check(low.length === 0, low.map(([a, b]) => `${a} on ${b}: ${contrast(token[a], token[b]).toFixed(2)}`).join(', '));
  });
}

/* ---- the tree a screen reader hears, of a site of its own: shipped data may change ---- */
const small = await siteOf('tests/cases/site');
const parts = [
  ['home', '/', ['header', '#atlas', 'section:has(#by-level)', 'footer']],
  ['list', '/heritage', ['main']],
  ['record', '/heritage/341823-G-0001', ['main']],
];
for (const [name, address, places] of parts) {
  await test(`tree of ${name}`, async () => {
    const { p, close } = await page(chrome, small.base);
    await p.goto(small.base + address, { waitUntil: 'load' });
    let tree = '';
    for (const place of places) tree += `# ${place}\n${await p.locator(place).ariaSnapshot()}\n`;
    await close();
    tree = tree.replaceAll(small.base, 'BASE').replace(/\d{4}-\d{2}-\d{2}/g, 'DATE').replace(/cursor=[\w%-]+/g, 'cursor=CURSOR'); // sealed anew by every process
    const file = path.join(root, 'tests/browser/golden', `${name}.txt`);
    if (process.env.XIUDAI_GOLDEN === 'write') return void await writeFile(file, tree);
    const kept = await readFile(file, 'utf8');
    if (tree !== kept) {
      const a = kept.split('\n'), b = tree.split('\n'), at = b.findIndex((line, i) => line !== a[i]);
      throw new Error(`differs from golden at line ${at + 1}: kept ${JSON.stringify(a[at])}, now ${JSON.stringify(b[at])}`);
    }
  });
}

same(typeof axe, 'string', 'axe-core');
await finish(chrome, here, small);
