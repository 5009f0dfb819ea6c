/** A record on the map and in the list beside it light up together. */
export function pair(root: Document): void {
  const light = (e: Event): void => {
    const from = e.target instanceof Element ? e.target.closest<HTMLElement | SVGElement>('[data-id]') : null;
    const id = from?.dataset['id'];
    for (const other of root.querySelectorAll('[data-id].on')) other.classList.remove('on');
    if (!from || !id) return;
    for (const other of root.querySelectorAll<HTMLElement | SVGElement>(`[data-id="${CSS.escape(id)}"]`)) {
      other.classList.add('on');
      const list = other instanceof HTMLElement && from instanceof SVGElement ? other.closest('.slist') : null;
      if (list && other instanceof HTMLElement) {
        list.scrollTop = other.offsetTop - (list as HTMLElement).offsetTop - list.clientHeight / 2;
      }
    }
  };
  root.addEventListener('pointerover', light);
  root.addEventListener('focusin', light);
}
