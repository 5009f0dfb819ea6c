/** What one element alone needs and is large (data-script, data-style) is fetched when the page has
 * been painted: what the server drew is seen first, and nothing of it waits for the rest. */
export function later(root: Document): void {
  const element = root.querySelector<HTMLElement>('[data-script]');
  const { script, style } = element?.dataset ?? {};
  if (!script) return;
  void painted().then(async () => {
    if (style) await styled(root, style);
    await import(script);
  }).catch((error: unknown) => console.warn(`${error}`)); // the page stays as the server drew it
}

/** Loaded, and shown if anybody looks; a browser that does not tell is given three seconds. */
async function painted(): Promise<void> {
  if (document.readyState !== 'complete') await new Promise((done) => addEventListener('load', done, { once: true }));
  if (document.hidden) return;
  await Promise.race([
    new Promise((done) => setTimeout(done, 3000)),
    new Promise<void>((done) => {
      if (!PerformanceObserver.supportedEntryTypes.includes('paint')) return;
      new PerformanceObserver((list) => {
        if (list.getEntriesByName('first-contentful-paint').length) requestAnimationFrame(() => setTimeout(done));
      }).observe({ type: 'paint', buffered: true });
    }),
  ]);
}

function styled(root: Document, href: string): Promise<unknown> {
  const link = root.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  return new Promise((done, failed) => {
    link.onload = done;
    link.onerror = () => failed(new Error(`${href} did not come`));
    root.head.append(link);
  });
}
