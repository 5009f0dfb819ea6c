/** What the pages cost a phone: Debian's Chromium, 390 × 844, slow 4G (1.6 Mbit/s, 150 ms a round trip), a
 * processor four times slower, nothing kept from an earlier visit; median of five visits. Writes the
 * section Pages of docs/benchmarks.md. usage: tools/node bench/pages.mjs [VISITS] */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { browser as launch, root, site } from '../tests/browser/site.mjs';

const visits = Number(process.argv[2] ?? 5);
const limit = { bytes: 100, html: 45, lcp: 1000, cls: 0.02 };

/** In the page: the greatest paint, how far things jumped. */
function watch() {
  window.xd = { lcp: 0, cls: 0 };
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.xd.lcp = e.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.xd.cls += e.value; })
    .observe({ type: 'layout-shift', buffered: true });
}

async function visit(browser, address, throttled) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: 'zh-CN' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Performance.enable');
  if (throttled) {
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 });
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  }
  const got = { bytes: 0, html: 0, requests: 0 };
  const kind = new Map();
  cdp.on('Network.responseReceived', (e) => kind.set(e.requestId, e.type));
  cdp.on('Network.loadingFinished', (e) => {
    got.requests++;
    got.bytes += e.encodedDataLength;
    if (kind.get(e.requestId) === 'Document') got.html += e.encodedDataLength;
  });
  await page.addInitScript(watch);
  await page.goto(address, { waitUntil: 'load' });
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => window.xd.lcp > 0, null, { timeout: 15000 }).catch(() => {}); // 0 is shown then
  // What comes after the first paint is paid for too: the live map, until it is drawn.
  await page.waitForFunction(() => !document.querySelector('[data-script]')
    || (document.querySelector('.is-live') && !document.querySelector('.atlas-cover')), null, { timeout: 120000 });
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
  Object.assign(got, await page.evaluate(() => window.xd));
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name) => metrics.find((m) => m.name === name).value * 1000;
  got.main = of('TaskDuration');
  got.script = of('ScriptDuration');
  await context.close();
  return got;
}

function median(list, key) {
  return list.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

const s = await site();
const browser = await launch();
const record = (await (await fetch(`${s.base}/api/collections/heritage/items?limit=1&f=json`)).json()).features[0].id;
const pages = [['home', '/'], ['list', '/heritage'], ['search', '/heritage?q=xuanzhi'], ['record', `/heritage/${record}`], ['map', '/map'], ['English home', '/en/']];
const load = loadavg()[0].toFixed(1);
const rows = [];
try {
  for (const [name, address] of pages) {
    const slow = [], local = [];
    for (let i = 0; i < visits; i++) {
      slow.push(await visit(browser, s.base + address, true));
      local.push(await visit(browser, s.base + address, false));
    }
    const kb = (key) => (median(slow, key) / 1000).toFixed(1);
    const missed = (good) => (good ? '' : ' **missed**');
    const lcp = median(local, 'lcp'), cls = median(slow, 'cls');
    rows.push(`| ${name} \`${address.replace(/\d{6,}/, 'ID')}\` | ${median(slow, 'requests')} | ${kb('bytes')}${name === 'home' ? missed(median(slow, 'bytes') <= limit.bytes * 1000) : ''} `
      + `| ${kb('html')}${missed(median(slow, 'html') <= limit.html * 1000)} | ${Math.round(median(slow, 'lcp'))} | ${Math.round(lcp)}${missed(lcp <= limit.lcp)} `
      + `| ${cls.toFixed(3)}${missed(cls <= limit.cls)} | ${Math.round(median(slow, 'main'))} | ${Math.round(median(slow, 'script'))} |`);
    console.log(rows.at(-1));
  }
} finally {
  await browser.close();
  await s.stop();
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).toString().trim();
const text = `## Pages

Written by \`tools/node bench/pages.mjs\`: ${new Date().toISOString().slice(0, 10)}, commit ${commit}, load at the start ${load}, Chromium ${browser.version()}. A phone of
390 × 844, slow 4G (1.6 Mbit/s, 150 ms a round trip), processor ÷ 4, first visit, median of ${visits}. KB are thousands of bytes as sent, headers
too. The limits are those of the design: home ${limit.bytes} KB in all, a page's HTML ${limit.html} KB, greatest paint ${limit.lcp} ms on loopback without throttling, shift ${limit.cls}.

| page | requests | KB in all | KB of HTML | greatest paint, slow 4G, ms | … loopback, ms | shift | main thread, ms | of it script, ms |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
const file = path.join(root, 'docs/benchmarks.md');
const old = await readFile(file, 'utf8');
// Marks of other tools (<!-- … -->) stand between sections and are not ours to take along.
const parts = old.split(/^(?=## |<!-- )/m).filter((part) => !part.startsWith('## Pages\n'));
const last = parts.findIndex((part) => part.startsWith('## What the misses'));
parts.splice(last < 0 ? parts.length : last, 0, `${text}\n`);
await writeFile(file, parts.join(''));
