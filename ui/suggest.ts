/** <xd-suggest data-from="…/suggest">: completions under the search field it wraps: a combobox
 * with a list box, arrows, Enter and Escape. Choosing a record opens it, a word searches for it. */
interface Suggestion { text: string; id?: number }

export class XdSuggest extends HTMLElement {
  #stop = new AbortController();
  #asked: AbortController | null = null;
  #list = document.createElement('ul');
  #items: Suggestion[] = [];
  #at = -1;
  #timer = 0;
  static #count = 0;

  connectedCallback(): void {
    const input = this.#input(), signal = this.#stop.signal;
    if (!input || !this.dataset['from']) return;
    this.#list.id = `suggest-${++XdSuggest.#count}`;
    this.#list.className = 'suggest';
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', input.getAttribute('aria-label') ?? '');
    this.#list.hidden = true;
    this.append(this.#list);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', this.#list.id);
    input.setAttribute('aria-expanded', 'false');
    input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#ask(input.value.trim()), 150);
    }, { signal });
    input.addEventListener('keydown', (e) => this.#key(e), { signal });
    input.addEventListener('blur', () => this.#close(), { signal });
    this.#list.addEventListener('pointerdown', (e) => {
      e.preventDefault();
      const i = [...this.#list.children].findIndex((li) => li.contains(e.target as Node));
      if (i >= 0) this.#choose(i);
    }, { signal });
  }

  disconnectedCallback(): void {
    this.#stop.abort();
    this.#asked?.abort();
    clearTimeout(this.#timer);
  }

  #input(): HTMLInputElement | null {
    return this.querySelector('input');
  }

  async #ask(words: string): Promise<void> {
    this.#asked?.abort();
    if (!words) return this.#close();
    this.#asked = new AbortController();
    try {
      const url = new URL(this.dataset['from'] ?? '', location.href);
      url.searchParams.set('q', words);
      url.searchParams.set('limit', '8');
      const answer = await fetch(url, { signal: this.#asked.signal });
      if (answer.ok) this.#show(((await answer.json()) as { suggestions: Suggestion[] }).suggestions);
    } catch {
      this.#close(); // the search itself still works
    }
  }

  #show(items: Suggestion[]): void {
    this.#items = items;
    this.#at = -1;
    this.#list.replaceChildren(...items.map((item, i) => {
      const li = document.createElement('li');
      li.id = `${this.#list.id}-${i}`;
      li.setAttribute('role', 'option');
      li.setAttribute('aria-selected', 'false');
      li.textContent = item.text;
      return li;
    }));
    this.#list.hidden = items.length === 0;
    this.#input()?.setAttribute('aria-expanded', String(items.length > 0));
  }

  #close(): void {
    this.#show([]);
    this.#input()?.removeAttribute('aria-activedescendant');
  }

  #key(e: KeyboardEvent): void {
    const n = this.#items.length, input = this.#input();
    if (e.isComposing || n === 0 || !input) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      const step = e.key === 'ArrowDown' ? 1 : -1;
      this.#at = this.#at < 0 && step < 0 ? n - 1 : (this.#at + step + n) % n;
      this.#mark(input);
    } else if (e.key === 'Escape') {
      this.#close();
    } else if (e.key === 'Enter' && this.#at >= 0) {
      this.#choose(this.#at);
    } else {
      return;
    }
    e.preventDefault();
  }

  #mark(input: HTMLInputElement): void {
    [...this.#list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === this.#at)));
    input.setAttribute('aria-activedescendant', `${this.#list.id}-${this.#at}`);
  }

  #choose(i: number): void {
    const item = this.#items[i], input = this.#input(), form = input?.form;
    if (!item || !input || !form) return;
    input.value = item.text;
    this.#close();
    if (item.id) location.assign(`${new URL(form.action).pathname}/${item.id}`);
    else form.requestSubmit();
  }
}
