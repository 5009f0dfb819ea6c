/** The pages as people use them: without script, with the keyboard, on a phone, in both languages;
 * what scripts add; and what the pages weigh. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { browser, check, finish, page, root, same, site, test } from './site.mjs';

const here = await site();
const chrome = await browser();
const go = async (p, address) => p.goto(here.base + address, { waitUntil: 'load' });

/* ---- without script ---- */

await test('without script: a site is found by pinyin, by word, by its county, and its page reads on a phone', async () => {
  const { p, wrong, close } = await page(chrome, here.base, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  for (const words of ['xuanzhi', '宣纸', 'jxxzc']) {
    await go(p, '/');
    await p.locator('.lead input[name=q]').fill(words);
    await p.locator('.lead .search button').click();
    check(await p.locator('.rows a', { hasText: '泾县宣纸厂' }).count() > 0, `${words} does not find it`);
  }
  check(await p.locator('mark').count() >= 0, 'marks');
  await go(p, '/heritage');
  await p.locator('.facets a', { hasText: '宣城市' }).click();
  await p.locator('.facets a', { hasText: '泾县' }).click();
  await p.locator('.rows a', { hasText: '泾县宣纸厂' }).click();
  same(await p.locator('h1').innerText(), '泾县宣纸厂', 'heading');
  const order = await p.evaluate(() => ['.summary', '#place', '#facts', '#sources'].map((s) => document.querySelector(s).getBoundingClientRect().top));
  check(order.every((y, i) => i === 0 || y > order[i - 1]), `order on the page: ${order}`);
  same(await p.evaluate(() => document.documentElement.scrollWidth), 390, 'width');
  check(wrong.length === 0, wrong.join('; '));
  await close();
});

await test('without script: what a visitor needs comes right after the summary on a phone', async () => {
  const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  await go(p, '/museums?q=%E5%AE%A3%E7%BA%B8');
  await p.locator('.rows h3 a').first().click();
  const next = await p.evaluate(() => document.querySelector('.first').nextElementSibling.querySelector('section').id);
  check(['visit', 'place'].includes(next), `after the summary comes ${next}`);
  await close();
});

await test('without script: a place known to its county only says so and offers no navigation', async () => {
  const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false });
  await go(p, '/heritage/340102-G-0001');
  check((await p.locator('#place').innerText()).includes('位置仅到县'), 'does not say so');
  same(await p.locator('a[href^="geo:"]').count(), 0, 'links to a navigator');
  check(await p.locator('.m-ring').count() === 1, 'no ring');
  check(!(await p.content()).includes('"GeoCoordinates"'), 'JSON-LD gives a point');
  await close();
});

await test('without script: filters are links and chips, the year is a form, larger text stays', async () => {
  const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false });
  await go(p, '/heritage');
  await p.locator('.facets a', { hasText: '国家' }).click();
  same(await p.locator('.count').innerText(), '找到 9 条', 'count');
  await p.locator('.on a').first().click();
  same(await p.locator('.count').innerText(), '找到 80 条', 'count');
  await go(p, '/');
  await p.locator('input[name=until]').fill('1900');
  await p.locator('.time button').click();
  const years = await p.locator('.slist li').evaluateAll((all) => all.map((li) => li.dataset.y));
  check(years.length > 0 && years.every((y) => y === '' || Number(y) <= 1900), `years ${years}`);
  await p.getByRole('link', { name: '长辈版' }).click();
  same(await p.locator('html').getAttribute('data-mode'), 'elder', 'mode');
  await go(p, '/data');
  same(await p.locator('html').getAttribute('data-mode'), 'elder', 'mode on the next page');
  await p.getByRole('link', { name: '标准版' }).click();
  await go(p, '/data');
  same(await p.locator('html').getAttribute('data-mode'), null, 'mode after turning it off');
  await close();
});

await test('nothing found says what to do', async () => {
  const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false });
  await go(p, '/heritage?q=%E5%AE%A3%E7%BA%B8%E5%8D%9A%E7%89%A9%E9%A6%86&level=city');
  same(await p.locator('.count').innerText(), '没有符合的条目', 'count');
  check(await p.locator('.empty a').count() >= 2, 'no advice');
  await close();
});

await test('headline by level, never one total', async () => {
  const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false });
  await go(p, '/');
  same((await p.locator('.big li').allInnerTexts()).map((t) => t.replace(/\s+/g, ' ').trim()).join(' · '), '9 国家 · 5 市 · 66 线索（未认定）', 'headline');
  same(await p.locator('.slide').getAttribute('value'), await p.locator('.slide').getAttribute('max'), 'the slider starts at all years');
  check(await p.locator('.unk').count() === 1, 'no bar for the unknown');
  await close();
});

await test('every door leads somewhere', async () => {
  const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false });
  await go(p, '/');
  const links = await p.locator('.doors a, .nav a, .foot a, .gov a, .big a').evaluateAll((all) => [...new Set(all.map((a) => a.href))]);
  for (const link of links) {
    const answer = await p.request.get(link);
    check(answer.ok(), `${link} gives ${answer.status()}`);
  }
  await close();
});

await test('without script: the menu opens door by door, on a phone from one button; a door has a page', async () => {
  for (const [width, phone] of [[1280, false], [390, true]]) {
    const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false, viewport: { width, height: 844 } });
    await go(p, '/');
    same(await p.locator('.nav summary').first().isVisible(), !phone, `doors seen at ${width}`);
    if (phone) await p.locator('.menu-turn').click();
    await p.locator('.nav summary', { hasText: '去' }).focus();
    await p.keyboard.press('Enter');
    check(await p.locator('.drop a', { hasText: '工业博物馆' }).isVisible(), `nothing behind the door at ${width}`);
    await p.locator('.drop .whole:visible').click();
    same(await p.locator('h1').innerText(), '去', 'heading');
    check((await p.locator('.shelf').first().innerText()).includes('30'), 'no count');
    check(await p.locator('.few a').count() >= 3, 'no records');
    await close();
  }
});

await test('with script: Escape closes a door and gives the keyboard back', async () => {
  const { p, close } = await page(chrome, here.base);
  await go(p, '/heritage');
  same(await p.locator('.nav summary[aria-current]').innerText(), '看', 'the door one is behind');
  await p.locator('.nav summary', { hasText: '去' }).click();
  await p.locator('.nav summary', { hasText: '造' }).click();
  same(await p.locator('.nav details[open]').count(), 1, 'doors open');
  await p.keyboard.press('Escape');
  same(await p.locator('.nav details[open]').count(), 0, 'doors open after Escape');
  same(await p.evaluate(() => document.activeElement.textContent), '造', 'focus');
  await close();
});

await test('versions: what was, what differs', async () => {
  const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false });
  await go(p, '/heritage/341823-G-0001/history');
  check((await p.locator('.versions').innerText()).includes('anhui-heritage.csv'), 'does not name the file');
  // Its own versions are counted, not the log's.
  check((await p.locator('.versions a').first().getAttribute('href')).endsWith('/heritage/341823-G-0001?at=1'), 'says where it stands in the log');
  await go(p, '/heritage/341823-G-0001?at=1');
  check((await p.locator('h1').innerText()).includes('宣纸'), 'has no first version');
  await go(p, '/heritage/341823-G-0001?on=1999-01-01');
  check((await p.locator('h1').innerText()).includes('没有这个页面'), 'shows a day before it was there');
  await close();
});

/* ---- with script ---- */

await test('completions: a combobox with keys', async () => {
  const { p, wrong, close } = await page(chrome, here.base);
  await go(p, '/');
  const field = p.locator('.lead input[name=q]');
  await field.pressSequentially('xuanzhi');
  await p.locator('.lead [role=option]').first().waitFor();
  same(await field.getAttribute('aria-expanded'), 'true', 'expanded');
  await field.press('ArrowDown');
  const active = await field.getAttribute('aria-activedescendant');
  same(await p.locator(`#${active}`).getAttribute('aria-selected'), 'true', 'selected');
  await field.press('Escape');
  same(await field.getAttribute('aria-expanded'), 'false', 'expanded after Escape');
  await field.press('End');
  await field.pressSequentially('c');
  await p.locator('.lead [role=option]').first().waitFor();
  await field.press('ArrowDown');
  await Promise.all([p.waitForNavigation(), field.press('Enter')]);
  check(p.url().startsWith(`${here.base}/heritage`), p.url());
  check(wrong.length === 0, wrong.join('; '));
  await close();
});

await test('filters change the page in place, Back undoes them, the count is said', async () => {
  const { p, wrong, close } = await page(chrome, here.base);
  await go(p, '/heritage');
  await p.evaluate(() => { document.documentElement.dataset.kept = 'yes'; });
  await p.locator('.facets a', { hasText: '国家' }).click();
  await p.locator('.count', { hasText: '找到 9 条' }).waitFor();
  same(await p.evaluate(() => document.documentElement.dataset.kept), 'yes', 'the page was loaded anew');
  same(new URL(p.url()).search, '?level=national', 'address');
  same(await p.locator('xd-live + [role=status]').innerText(), '找到 9 条', 'said');
  check(await p.evaluate(() => document.activeElement !== document.body), 'focus was lost');
  check((await p.locator('.gov a').first().getAttribute('href')).includes('level=national'), 'other links do not follow');
  await p.goBack();
  await p.locator('.count', { hasText: '找到 80 条' }).waitFor();
  await p.locator('select[name=sortby]').selectOption({ index: 1 });
  await p.waitForURL(/sortby=/);
  check(wrong.length === 0, wrong.join('; '));
  await close();
});

await test('the slider filters list and map alike, and says the count', async () => {
  const { p, wrong, close } = await page(chrome, here.base);
  await go(p, '/');
  const slide = p.locator('.slide');
  await slide.focus();
  await slide.press('Home');
  for (let i = 0; i < 60; i++) await slide.press('ArrowRight');
  const until = Number(await slide.inputValue());
  const seen = async (what) => (await p.locator(`${what}:not([hidden])`).evaluateAll((all) => all.map((e) => e.dataset.y))).sort().join();
  same(await seen('#map [data-id]'), await seen('.slist [data-id]'), 'map');
  const years = (await seen('.slist [data-id]')).split(',').filter(Boolean).map(Number);
  check(years.every((y) => y <= until), `until ${until}: ${years}`);
  same(await p.locator('input[name=until]').inputValue(), String(until), 'field');
  await p.locator('input[name=unknown]').check();
  check(!(await seen('.slist [data-id]')).split(',').includes(''), 'unknown ones are still there');
  const n = await p.locator('.slist [data-id]:not([hidden])').count();
  same(await p.locator('.lh [role=status]').innerText(), `图上 ${n} 处`, 'count');
  check(wrong.length === 0, wrong.join('; '));
  await close();
});

await test('map buttons and keys zoom and move; a mark and its row light up together', async () => {
  const { p, close } = await page(chrome, here.base);
  await go(p, '/');
  const box = () => p.locator('#map').getAttribute('viewBox');
  const whole = await box();
  await p.getByRole('button', { name: '放大' }).focus();
  await p.keyboard.press('Enter');
  const near = await box();
  check(near !== whole, 'did not zoom');
  await p.keyboard.press('ArrowLeft');
  check(await box() !== near, 'did not move');
  await p.getByRole('button', { name: '缩小' }).click();
  await p.getByRole('button', { name: '缩小' }).click();
  same(await box(), whole, 'zoomed out');
  const id = await p.locator('.slist li').nth(3).getAttribute('data-id');
  await p.locator('.slist li').nth(3).hover();
  check(await p.locator(`#map [data-id="${id}"].on`).count() === 1, 'the mark stays dark');
  await p.mouse.move(900, 300);
  await p.mouse.wheel(0, 400);
  same(await box(), whole, 'the wheel alone zooms');
  await close();
});

await test('the keyboard reaches the content first, and every control shows its focus', async () => {
  const { p, close } = await page(chrome, here.base);
  await go(p, '/heritage');
  await p.keyboard.press('Tab');
  same(await p.evaluate(() => document.activeElement.className), 'skip', 'first stop');
  await p.keyboard.press('Enter');
  same(await p.evaluate(() => document.activeElement.id), 'main', 'skips to');
  for (let i = 0; i < 25; i++) {
    await p.keyboard.press('Tab');
    const ring = await p.evaluate(() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth), document.activeElement.outerHTML.slice(0, 80)]; });
    check(ring[0] !== 'none' && ring[1] >= 2, `no ring on ${ring[2]}`);
  }
  await close();
});

/* ---- languages, print, weight ---- */

await test('the English twin is English, with Chinese marked', async () => {
  const { p, close } = await page(chrome, here.base, { javaScriptEnabled: false });
  await go(p, '/heritage/341823-G-0001?x=1');
  await p.getByRole('link', { name: 'English' }).click();
  check(p.url().startsWith(`${here.base}/en/heritage/341823-G-0001`), p.url());
  same(await p.locator('html').getAttribute('lang'), 'en', 'lang');
  same(await p.locator('h1').innerText(), 'Jingxian Xuan Paper Mill', 'heading');
  const chinese = await p.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('.head'), NodeFilter.SHOW_TEXT);
    const bare = [];
    for (let n = walker.nextNode(); n; n = walker.nextNode()) {
      if (/[\u4e00-\u9fff]/.test(n.data) && n.parentElement.closest('[lang]').lang !== 'zh') bare.push(n.data);
    }
    return bare;
  });
  same(chinese.join(), '', 'Chinese without lang in the head');
  await close();
});

await test('paper has the map, the address and the version, and no navigation', async () => {
  const { p, close } = await page(chrome, here.base);
  await p.emulateMedia({ media: 'print' });
  await go(p, '/heritage/341823-G-0001');
  for (const gone of ['.nav', '.acts', '.toc', '.seek', '.zoom', '.note']) check(!(await p.locator(gone).first().isVisible()), `${gone} is printed`);
  for (const there of ['.lead-map', '.printid', 'h1', '#sources']) check(await p.locator(there).first().isVisible(), `${there} is not printed`);
  check((await p.locator('.printid').innerText()).includes('/heritage/341823-G-0001'), 'no address');
  await close();
});

await test('what the home page weighs', async () => {
  const kb = (bytes) => gzipSync(bytes, { level: 9 }).length / 1024;
  const html = kb(Buffer.from(await (await fetch(here.base)).arrayBuffer()));
  const css = kb(await readFile(path.join(root, 'build/ui/xiudai.css')));
  const js = kb(await readFile(path.join(root, 'build/ui/main.js')));
  const relief = (await readFile(path.join(root, 'build/ui/relief.webp'))).length / 1024;
  console.log(`home: HTML ${html.toFixed(1)} KB, CSS ${css.toFixed(1)}, JS ${js.toFixed(1)}, with the hills ${(html + css + js + relief).toFixed(1)} KB`);
  check(html <= 45, `HTML ${html.toFixed(1)} KB`);
  check(css <= 10, `CSS ${css.toFixed(1)} KB`);
  check(js <= 10, `JS ${js.toFixed(1)} KB`);
  check(html + css + js + relief <= 100, `in all ${(html + css + js + relief).toFixed(1)} KB`);
});

await test('nothing moves while the page comes', async () => {
  for (const [address, options, there] of [['/'], ['/heritage'], ['/heritage/341823-G-0001'], ['/map', { viewport: { width: 390, height: 844 } }, '.atlas.is-live .atlas-key li']]) {
    const { p, close } = await page(chrome, here.base, options);
    await p.addInitScript(() => {
      globalThis.shifted = 0;
      new PerformanceObserver((list) => { for (const e of list.getEntries()) globalThis.shifted += e.value; }).observe({ type: 'layout-shift', buffered: true });
    });
    await go(p, address);
    if (there) await p.waitForSelector(there);
    await p.waitForTimeout(500); // a little of what might still move
    const shifted = await p.evaluate(() => globalThis.shifted);
    await close();
    check(shifted <= 0.02, `${address}: ${shifted}`);
  }
});

await test('headers: nothing inline may run, nothing may frame the page', async () => {
  const answer = await fetch(here.base);
  const policy = answer.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) check(policy.includes(part), `no ${part}`);
  check(!/unsafe/.test(policy), policy);
  const html = await answer.text();
  check(!/<[^>]+\son[a-z]+=/i.test(html) && !/<[^>]+\sstyle=/i.test(html), 'inline handler or style');
});

await finish(chrome, here);
