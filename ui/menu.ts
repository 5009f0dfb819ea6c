/** The doors of the menu open and close by themselves (details); here only what people are used to
 * besides: one at a time, Escape and a press elsewhere close it. */
export function menu(document: Document): void {
  const open = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>('.nav details[open]')];
  document.addEventListener('click', (e) => {
    for (const door of open()) if (!(e.target instanceof Node && door.contains(e.target))) door.open = false;
  });
  document.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape') return;
    for (const door of open()) {
      const within = door.contains(document.activeElement);
      door.open = false;
      if (within) door.querySelector('summary')?.focus();
    }
  });
}
