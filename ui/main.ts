/** What every page may use. The pages are whole without it. */
import { XdCopy } from './copy';
import { later } from './later';
import { XdLive } from './live';
import { menu } from './menu';
import { pair } from './pair';
import { XdPan } from './pan';
import { XdPrint } from './print';
import { XdSuggest } from './suggest';
import { XdYears } from './years';

customElements.define('xd-copy', XdCopy);
customElements.define('xd-live', XdLive);
customElements.define('xd-pan', XdPan);
customElements.define('xd-print', XdPrint);
customElements.define('xd-suggest', XdSuggest);
customElements.define('xd-years', XdYears);
menu(document);
pair(document);
later(document);
