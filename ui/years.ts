/** <xd-years>: a slider over the form's year field. Where the page holds every record, list and
 * map are filtered in place; where it does not, the form asks the server. */

/** Is an item of this year ('' unknown) shown when all up to `until` are? null: all years. */
export function shown(year: string, until: number | null, dropUnknown: boolean): boolean {
  if (year === '') return !dropUnknown;
  return until === null || Number(year) <= until;
}

export class XdYears extends HTMLElement {
  #stop = new AbortController();

  connectedCallback(): void {
    const slide = this.querySelector<HTMLInputElement>('.slide');
    const field = this.querySelector<HTMLInputElement>('[name=until]');
    const drop = this.querySelector<HTMLInputElement>('[name=unknown]');
    const form = this.closest('form'), signal = this.#stop.signal;
    if (!slide || !field || !drop || !form) return;
    slide.hidden = false;
    const here = this.hasAttribute('data-here');
    const show = (): void => {
      const all = field.value === '' || Number(field.value) >= Number(field.max);
      slide.setAttribute('aria-valuetext', all ? this.dataset['all'] ?? '' : field.value);
      if (here) this.#filter(all ? null : Number(field.value), drop.checked);
    };
    slide.addEventListener('input', () => {
      field.value = slide.value === slide.max ? '' : slide.value;
      show();
    }, { signal });
    slide.addEventListener('change', () => here || form.requestSubmit(), { signal });
    field.addEventListener('input', () => {
      slide.value = field.value || slide.max;
      show();
    }, { signal });
    drop.addEventListener('change', () => here ? show() : form.requestSubmit(), { signal });
    if (here) form.addEventListener('submit', (e) => { e.preventDefault(); e.stopPropagation(); show(); }, { signal });
    show();
  }

  disconnectedCallback(): void {
    this.#stop.abort();
  }

  #filter(until: number | null, dropUnknown: boolean): void {
    const part = this.closest('xd-live') ?? document;
    let n = 0;
    for (const item of part.querySelectorAll<HTMLElement | SVGElement>('[data-id]')) {
      const on = shown(item.dataset['y'] ?? '', until, dropUnknown);
      item.toggleAttribute('hidden', !on);
      if (on && item instanceof HTMLLIElement) n++;
    }
    for (const bar of this.querySelectorAll<SVGElement>('.histo rect')) {
      bar.classList.toggle('off', until !== null && Number(bar.dataset['y']) > until);
    }
    const count = part.querySelector<HTMLElement>('[data-count]');
    if (count?.dataset['count']) count.textContent = count.dataset['count'].replace('#', String(n));
  }
}
