/** What browser tests share: the release binary on a free port with a store of its own, Debian's
 * Chromium, and a tally that ends with `N passed, N failed`. Nothing here outlives the test. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.XIUDAI_BINARY ?? path.join(root, 'build/xiudai');
const run = promisify(execFile);

let passed = 0, failed = 0;

export async function test(name, body) {
  try {
    await body();
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.message ?? error}`);
  }
}

export function check(good, why) {
  if (!good) throw new Error(why);
}

export function same(got, wanted, what) {
  if (got !== wanted) throw new Error(`${what} is ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
}

/** Starts the site with the shipped data; stop() ends the process it started and removes the store. */
export async function site(...more) {
  return siteOf('data/seed', ...more);
}

/** The same with the tables of another folder, or of several, as their load.tsv name them. */
export async function siteOf(data, ...more) {
  const folder = await mkdtemp(path.join(tmpdir(), 'xiudai-browser-'));
  const store = path.join(folder, 'x.db');
  for (const tables of [data].flat()) {
    for (const line of (await readFile(path.join(root, tables, 'load.tsv'), 'utf8')).split('\n')) {
      const [type, file, state] = line.split('\t');
      if (!type || type.startsWith('#')) continue;
      await run(binary, ['import', type, path.join(root, tables, file), '--state', state, '--store', store], { cwd: root });
    }
  }
  const child = spawn(binary, ['serve', '--store', store, '--listen', '127.0.0.1:0', ...more], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const base = await new Promise((found, lost) => {
    let text = '';
    const late = setTimeout(() => lost(new Error(`the server said nothing in 60 s: ${text}`)), 60000);
    child.stderr.on('data', (bytes) => {
      text += bytes;
      const at = /"text":"(http:\/\/127\.0\.0\.1:\d+)/.exec(text);
      if (at) { clearTimeout(late); found(at[1]); }
    });
    child.on('exit', (code) => lost(new Error(`the server ended with ${code}: ${text}`)));
  });
  return {
    base,
    async stop() {
      const ended = new Promise((done) => child.on('exit', done));
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
}

/** A page that keeps what must not be: console errors, and requests that leave the host. */
export async function page(chrome, base, options = {}) {
  const context = await chrome.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options });
  const p = await context.newPage();
  p.setDefaultTimeout(120000); // for what comes at last, also on a busy machine; nothing waits for it to run out
  const wrong = [];
  p.on('console', (m) => { if (m.type() === 'error') wrong.push(`console: ${m.text()}`); });
  p.on('pageerror', (e) => wrong.push(`error: ${e.message}`));
  p.on('request', (r) => {
    const url = new URL(r.url());
    if (url.protocol.startsWith('http') && url.origin !== base) wrong.push(`asked ${r.url()}`);
  });
  return { p, wrong, close: () => context.close() };
}

export async function finish(...things) {
  for (const thing of things) await (thing.stop ?? thing.close).call(thing);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
