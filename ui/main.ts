/** What every page may use. The pages are whole without it. */
import { XdCopy } from './copy';

customElements.define('xd-copy', XdCopy);
