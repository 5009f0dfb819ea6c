/** <xd-print>: a button that prints. Without script there is none; every browser has its own. */
export class XdPrint extends HTMLElement {
  connectedCallback(): void {
    if (this.firstChild) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn g';
    button.textContent = this.dataset['label'] ?? '';
    button.addEventListener('click', () => window.print());
    this.append(button);
  }
}
