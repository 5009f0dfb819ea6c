/** How smooth the map stays while filters change: Debian's Chromium, 1280 × 800, the big map of the shipped
 * records. Facets are ticked, years typed, everything taken back, the colour changed, the map moved; meanwhile the time
 * between animation frames is written down. Recorded, not judged: software GL draws here, a graphics card draws elsewhere. Writes the section
 * Frames of docs/benchmarks.md. usage: tools/node bench/frames.mjs [ROUNDS] */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { browser as launch, root, site } from '../tests/browser/site.mjs';

const rounds = Number(process.argv[2] ?? 3);
const settle = 4000; // ms after a change in which frames are counted

/** In the page: times between frames, and tasks of the main thread that took long. */
function watch() {
  window.xdFrames = [];
  window.xdLong = [];
  let before = performance.now();
  const frame = (now) => { window.xdFrames.push(now - before); before = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.xdLong.push(e.duration); }).observe({ entryTypes: ['longtask'] });
}

function quantile(values, part) {
  const order = [...values].sort((a, b) => a - b);
  return order.length ? order[Math.min(order.length - 1, Math.ceil(part * order.length) - 1)] : 0;
}

/** Does something to the page, then returns the frames of the time after. */
async function during(page, act) {
  await page.evaluate(() => { window.xdFrames = []; window.xdLong = []; });
  await act();
  await page.waitForTimeout(settle);
  return page.evaluate(() => ({ frames: window.xdFrames, long: window.xdLong }));
}

const tick = (page, nth) => page.locator('.atlas-facet .atlas-tick input, .atlas-tick input').nth(nth).click();

async function years(page, from, to) {
  const fields = page.locator('.atlas-year-fields input');
  for (const [field, value] of [[fields.first(), from], [fields.last(), to]]) {
    await field.fill(value);
    await field.press('Enter');
  }
}

const s = await site();
const chrome = await launch();
const load = loadavg()[0].toFixed(1);
const steps = [
  ['nothing', async () => {}],
  ['a facet is ticked', (page) => tick(page, 0)],
  ['another is ticked', (page) => tick(page, 2)],
  ['years 1950 to 1960', (page) => years(page, '1950', '1960')],
  ['everything again', (page) => page.locator('.atlas-head button').click()],
  ['another colour', (page) => page.locator('.atlas-colour select').selectOption({ index: 2 })],
  ['the map is moved', async (page) => {
    await page.mouse.move(760, 420);
    await page.mouse.down();
    for (let i = 0; i < 20; i++) await page.mouse.move(760 - i * 12, 420 + i * 6);
    await page.mouse.up();
  }],
];
const got = steps.map(() => ({ frames: [], long: [], worst: [] }));
try {
  for (let r = 0; r < rounds; r++) {
    const context = await chrome.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' });
    const page = await context.newPage();
    page.setDefaultTimeout(120000);
    await page.addInitScript(watch);
    await page.goto(`${s.base}/map`, { waitUntil: 'load' });
    await page.locator('.atlas-canvas canvas').first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(settle);
    for (const [i, [name, act]] of steps.entries()) {
      const one = await during(page, () => act(page));
      got[i].frames.push(...one.frames);
      got[i].long.push(...one.long);
      got[i].worst.push(Math.max(0, ...one.frames));
      console.log(name, one.frames.length, 'frames, worst', Math.round(got[i].worst.at(-1)), 'ms');
    }
    await context.close();
  }
} finally {
  await chrome.close();
  await s.stop();
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).toString().trim();
const ms = (value) => value.toFixed(value < 100 ? 1 : 0);
const rows = steps.map(([name], i) => {
  const { frames, long, worst } = got[i];
  return `| ${name} | ${frames.length} | ${ms(quantile(frames, 0.5))} | ${ms(quantile(frames, 0.95))} | ${ms(quantile(worst, 0.5))} | ${(long.length / rounds).toFixed(1)} | ${ms(long.reduce((a, b) => a + b, 0) / rounds)} |`;
});
const text = `## Frames

Written by \`tools/node bench/frames.mjs\`: ${new Date().toISOString().slice(0, 10)}, commit ${commit}, load at the start ${load} on ${cpus().length} cores, Chromium ${chrome.version()}. The
map of the shipped records, 1280 × 800, drawn by the processor (SwiftShader, no graphics card), ${rounds} rounds, ${settle / 1000} s after each step. Milliseconds between animation frames;
*nothing* says what the machine gives at rest. Recorded, not judged.

| | frames | p50 | p95 | worst (median of rounds) | long tasks a round | ms of them |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
const file = path.join(root, 'docs/benchmarks.md');
const parts = (await readFile(file, 'utf8')).split(/^(?=## )/m).filter((part) => !part.startsWith('## Frames\n'));
const last = parts.findIndex((part) => part.startsWith('## What the misses'));
parts.splice(last < 0 ? parts.length : last, 0, `${text}\n`);
await writeFile(file, parts.join(''));
