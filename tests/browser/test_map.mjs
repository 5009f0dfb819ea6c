/** The large map in Chromium, as a visitor uses it: marks, ticks, colours, years, areas by pointer and
 * by keyboard, permalinks and Back, the list that follows, and what is left when it cannot start. */
import { browser, check, finish, page, same, site, test } from './site.mjs';

const here = await site();
const chrome = await browser();
const LATE = 150000; // software GL beside other tests on a busy machine

/** What the status line says, as numbers: all, in view. */
const said = async (p) => ((await p.locator('.atlas-said').textContent()) ?? '').match(/\d+/g)?.map(Number) ?? [];

async function until(p, what, holds) {
  const end = Date.now() + LATE;
  let seen;
  while (Date.now() < end) {
    seen = await holds();
    if (seen) return seen;
    await p.waitForTimeout(150);
  }
  throw new Error(`${what} did not come: ${(await p.locator('.atlas-said').allTextContents()).join()} ${p.url()}`);
}

async function open(address, options = {}) {
  const opened = await page(chrome, here.base, { viewport: { width: 1280, height: 860 }, ...options });
  await opened.p.goto(here.base + address);
  if (options.javaScriptEnabled !== false && !options.plain) {
    await until(opened.p, 'the map', async () => (await opened.p.locator('.atlas.is-live').count()) > 0 && (await said(opened.p))[1] > 0);
  }
  return opened;
}

const quiet = (wrong) => check(wrong.length === 0, wrong.join('; '));

await test('the map stands, counts, names its marks and asks nobody else', async () => {
  const { p, wrong, close } = await open('/map');
  const [all, inView] = await said(p);
  check(all >= 80 && inView >= all - 2, `${all} in all, ${inView} in view`);
  same(await p.locator('.atlas-still').isVisible(), false, 'the still map is seen');
  check(await p.locator('.credit').first().isVisible(), 'the credit is not seen');
  check((await p.locator('.atlas-key li').count()) >= 2, 'the key is empty');
  quiet(wrong);
  await close();
});

await test('a tick filters map, list and address, and Back takes it away', async () => {
  const { p, wrong, close } = await open('/map');
  const [all] = await said(p);
  const tick = p.locator('.atlas-facet .atlas-tick').nth(1);
  const wanted = Number(await tick.locator('b').textContent());
  await tick.locator('input').check();
  await until(p, 'the filtered count', async () => (await said(p))[0] === wanted);
  check(new URL(p.url()).search.length > 1, 'the address says nothing');
  await until(p, 'the filtered list', async () => (await p.locator('.atlas .rows > li').count()) <= wanted);
  await p.goBack();
  await until(p, 'everything again', async () => (await said(p))[0] === all);
  same(await tick.locator('input').isChecked(), false, 'the tick');
  quiet(wrong);
  await close();
});

await test('any facet may colour, and the key follows', async () => {
  const { p, wrong, close } = await open('/map');
  const select = p.locator('.atlas-colour select');
  for (const value of await select.locator('option').evaluateAll((list) => list.map((o) => o.value).filter(Boolean))) {
    await select.selectOption(value);
    const label = await select.locator('option:checked').textContent();
    await until(p, `the key of ${label}`, async () => (await p.locator('.atlas-key h2').textContent()) === label);
    check((await p.locator('.atlas-key li').count()) > 0, `no key for ${label}`);
  }
  quiet(wrong);
  await close();
});

await test('years by field: fewer, in the address, all years again', async () => {
  const { p, wrong, close } = await open('/map');
  const [all] = await said(p);
  const [from, to] = [p.locator('.atlas-year-fields input').first(), p.locator('.atlas-year-fields input').last()];
  same(new URL(p.url()).searchParams.get('datetime'), null, 'the slider does not start at all years');
  await from.fill('1950');
  await from.press('Enter');
  await to.fill('1960');
  await to.press('Enter');
  await until(p, 'the years', async () => new URL(p.url()).searchParams.get('datetime') === '1950-01-01/1960-12-31' && (await said(p))[0] < all);
  const loose = (await said(p))[0];
  await p.locator('.atlas-years .atlas-tick input').check();
  await until(p, 'the certain ones', async () => (await said(p))[0] < loose);
  await p.locator('.atlas-head button').click();
  await until(p, 'everything again', async () => (await said(p))[0] === all);
  quiet(wrong);
  await close();
});

await test('a box by pointer, kept in the address, opened by somebody else', async () => {
  const { p, wrong, close } = await open('/map#map=9.2/30.9/117.9');
  const [all] = await said(p);
  const box = await p.locator('.atlas-canvas').boundingBox();
  await p.locator('.atlas-tools button').nth(1).click();
  await p.mouse.move(box.x + 180, box.y + 150);
  await p.mouse.down();
  await p.mouse.move(box.x + 400, box.y + 300, { steps: 5 });
  await p.mouse.move(box.x + 560, box.y + 430, { steps: 5 });
  await p.mouse.up();
  const inside = await until(p, 'the box', async () => { const [n] = await said(p); return n < all && n; });
  check(/S_INTERSECTS/.test(new URL(p.url()).searchParams.get('filter') ?? ''), 'the address has no area');
  const other = await open(p.url().slice(here.base.length));
  same((await said(other.p))[0], inside, 'what the other finds');
  quiet([...wrong, ...other.wrong]);
  await other.close();
  await close();
});

await test('a polygon by keyboard alone', async () => {
  const { p, wrong, close } = await open('/map#map=8/31/117.5');
  const [all] = await said(p);
  await p.locator('.atlas-tools button').nth(2).focus();
  await p.keyboard.press('Enter');
  for (const steps of [['ArrowLeft', 'ArrowLeft'], ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight'], ['ArrowDown', 'ArrowDown', 'ArrowDown']]) {
    for (const key of steps) {
      await p.keyboard.press(key);
      await p.waitForTimeout(700); // the map glides to where it was told to go
    }
    await p.keyboard.press(' ');
  }
  await p.keyboard.press('Enter');
  await until(p, 'the polygon', async () => (await said(p))[0] < all);
  check(/POLYGON/.test(new URL(p.url()).searchParams.get('filter') ?? ''), 'the address has no area');
  await p.locator('.atlas-tools button:visible').last().click();
  await until(p, 'everything again', async () => (await said(p))[0] === all);
  quiet(wrong);
  await close();
});

await test('the list follows the view', async () => {
  const { p, wrong, close } = await open('/map#map=10.5/30.93/117.82');
  const few = await until(p, 'a short list', async () => { const n = await p.locator('.atlas .rows > li').count(); return n < 40 && n; });
  check(few > 0, 'the list is empty');
  await p.locator('.atlas-tools button').first().click();
  await until(p, 'the long list', async () => (await p.locator('.atlas .rows > li').count()) >= 80);
  quiet(wrong);
  await close();
});

await test('a mark opens a card with a way to the record', async () => {
  const { p, wrong, close } = await open('/map#map=11.5/30.93/117.82');
  const box = await p.locator('.atlas-canvas').boundingBox();
  await until(p, 'a card', async () => {
    for (const [x, y] of [[0.5, 0.5], [0.53, 0.74], [0.5, 0.52]]) {
      await p.mouse.click(box.x + box.width * x, box.y + box.height * y);
      await p.waitForTimeout(400);
      if (await p.locator('.atlas-card a').count()) return true;
    }
    return false;
  });
  const address = await p.locator('.atlas-card a').first().getAttribute('href');
  same((await fetch(here.base + address)).status, 200, `status of ${address}`);
  quiet(wrong);
  await close();
});

await test('in English, dark, on a phone, without sideways scrolling', async () => {
  const { p, wrong, close } = await open('/en/map', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  same(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'fits');
  check(/entries/.test(await p.locator('.atlas-said').textContent()), 'not English');
  quiet(wrong);
  await close();
});

await test('without script the still map and the list are there', async () => {
  const { p, close } = await open('/map', { javaScriptEnabled: false });
  check(await p.locator('.atlas-still svg').isVisible(), 'no still map');
  check((await p.locator('.atlas .rows > li').count()) >= 80, 'no list');
  await close();
});

for (const kept of ['base.geojson', 'maplibre-worker.js', 'facets']) {
  await test(`when ${kept} is kept away the still map stays`, async () => {
    const { p, close } = await page(chrome, here.base, { viewport: { width: 1280, height: 860 } });
    await p.route((url) => url.pathname.endsWith(kept), (route) => route.abort());
    await p.goto(`${here.base}/map`);
    await until(p, 'the sentence', async () => (await p.locator('.atlas > .atlas-note').count()) > 0);
    check(await p.locator('.atlas-still svg').isVisible(), 'no still map');
    check((await p.locator('.atlas .rows > li').count()) >= 80, 'no list');
    await close();
  });
}

await finish(chrome, here);
