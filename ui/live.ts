/** <xd-live id="…">: links and forms marked data-live change this part of the page in place. The
 * server makes the new part, as it makes the whole page; here it is only fetched and exchanged,
 * and the address follows, so back, reload and sharing work as without script. */
export class XdLive extends HTMLElement {
  #stop = new AbortController();
  #asked: AbortController | null = null;
  #said = document.createElement('div');

  connectedCallback(): void {
    const signal = this.#stop.signal;
    this.#said.className = 'vh';
    this.#said.setAttribute('role', 'status');
    this.after(this.#said);
    this.addEventListener('click', (e) => this.#click(e), { signal });
    this.addEventListener('submit', (e) => this.#submit(e), { signal });
    this.addEventListener('change', (e) => {
      const t = e.target;
      if (t instanceof HTMLSelectElement && t.form?.hasAttribute('data-live')) t.form.requestSubmit();
    }, { signal });
    window.addEventListener('popstate', () => void this.#go(location.href, false), { signal });
  }

  disconnectedCallback(): void {
    this.#stop.abort();
    this.#asked?.abort();
    this.#said.remove();
  }

  #click(e: MouseEvent): void {
    const link = e.target instanceof Element ? e.target.closest<HTMLAnchorElement>('a[data-live]') : null;
    if (!link || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    void this.#go(link.href, true, link.textContent ?? '');
  }

  #submit(e: SubmitEvent): void {
    const form = e.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-live')) return;
    e.preventDefault();
    const url = new URL(form.action);
    url.search = '';
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && (value || form.elements.namedItem(name) instanceof HTMLInputElement && name !== 'q' && name !== 'until')) {
        url.searchParams.append(name, value);
      }
    }
    void this.#go(url.href, true);
  }

  async #go(url: string, push: boolean, from = ''): Promise<void> {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const wait = setTimeout(() => this.setAttribute('aria-busy', 'true'), 400);
    try {
      const answer = await fetch(url, { signal: this.#asked.signal, headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById(this.id);
      if (!answer.ok || !fresh) throw new Error('no such part');
      if (push) history.pushState(null, '', url);
      document.title = page.title;
      this.#exchange(fresh, page, from);
    } catch (e) {
      if (!(e instanceof DOMException && e.name === 'AbortError')) location.assign(url);
    } finally {
      clearTimeout(wait);
      this.removeAttribute('aria-busy');
    }
  }

  /** The new part in, the keyboard where it was, the count said aloud. */
  #exchange(fresh: Element, page: Document, from: string): void {
    const open = new Set([...this.querySelectorAll('details[open] > summary')].map((s) => s.textContent));
    const focused = this.contains(document.activeElement);
    this.replaceChildren(...fresh.childNodes);
    for (const s of this.querySelectorAll('details > summary')) {
      if (open.has(s.textContent)) (s.parentElement as HTMLDetailsElement).open = true;
    }
    const bar = document.querySelector('.gov'), newBar = page.querySelector('.gov');
    if (bar && newBar) bar.replaceWith(newBar);
    const count = this.querySelector('[role=status]');
    this.#said.textContent = count?.textContent ?? '';
    if (focused) {
      const same = [...this.querySelectorAll<HTMLElement>('a[data-live]')].find((a) => from && a.textContent === from);
      const head = same ?? this.querySelector<HTMLElement>('h1, h2');
      if (head && head !== same) head.tabIndex = -1;
      head?.focus({ preventScroll: true });
    }
  }
}
