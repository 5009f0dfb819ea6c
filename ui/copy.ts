/** <xd-copy for="id">: a button that copies the text of an element. Without script nothing is
 * shown; the text can be selected by hand. */
export class XdCopy extends HTMLElement {
  #stop = new AbortController();

  connectedCallback(): void {
    const target = document.getElementById(this.getAttribute('for') ?? '');
    if (!target || !navigator.clipboard) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn g small';
    button.textContent = this.getAttribute('label') ?? '';
    const said = document.createElement('span');
    said.setAttribute('role', 'status');
    this.append(button, said);
    button.addEventListener('click', () => {
      void navigator.clipboard.writeText(target.textContent ?? '').then(() => {
        said.textContent = this.getAttribute('done') ?? '';
      });
    }, { signal: this.#stop.signal });
  }

  disconnectedCallback(): void {
    this.#stop.abort();
  }
}
