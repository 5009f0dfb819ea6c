/** <xd-copy for="id">: a button that copies the text of an element. Without script nothing is
 * shown; the text can be selected by hand. */
export class XdCopy extends HTMLElement {
  #stop = new AbortController();

  connectedCallback(): void {
    const target = document.getElementById(this.getAttribute('for') ?? '');
    if (!target || !navigator.clipboard || this.firstChild) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn g small';
    button.textContent = this.dataset['label'] ?? '';
    const said = document.createElement('span');
    said.setAttribute('role', 'status');
    this.append(button, said);
    button.addEventListener('click', () => {
      void navigator.clipboard.writeText(target.textContent ?? '').then(() => {
        said.textContent = this.dataset['done'] ?? '';
      });
    }, { signal: this.#stop.signal });
  }

  disconnectedCallback(): void {
    this.#stop.abort();
  }
}
