/** The parts of the large map that need no browser: addresses, groups, names, colours. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
let passed = 0;
let failed = 0;

function test(name, body) {
  try {
    body();
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.message ?? error}`);
  }
}

function same(got, wanted, what = 'the answer') {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what} is ${a}, wanted ${b}`);
}

async function load(file) {
  const made = await build({ entryPoints: [path.join(root, 'ui/map', file)], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].text).toString('base64')}`);
}

const { readState, query, pageQuery, tileTemplate, toggled, cleared, isNarrowed } = await load('state.ts');
const { gather, project, unproject, namePlace, radiusAt } = await load('groups.ts');
const { topsOf, looksOf } = await load('paint.ts');

const config = {
  lang: 'zh', type: 'xylo', collection: '/api/collections/xylo', list: '/xylo',
  facets: [{ field: 'f1', label: 'F1', kind: 'term' }, { field: 'f2', label: 'F2', kind: 'period', bar: 10 }],
  time: 'f2', place: 'p9', colour: 'f1', box: [0, 0, 0, 0],
};

test('an address and back', () => {
  for (const text of [
    'type=xylo',
    'type=xylo&q=%E5%AE%A3%E7%BA%B8&f1=a&f1=b&datetime=1950-01-01%2F1979-12-31&certain=true&filter=f2+IS+NOT+NULL',
    'type=xylo&certain=true&filter=%28a+%3D+1%29+AND+f2+IS+NOT+NULL+AND+S_INTERSECTS%28p9%2CPOLYGON%28%28117+30%2C118+30%2C118+31%2C117+30%29%29%29',
    'type=xylo&filter=%28a%29+OR+%28b%29',
    'type=xylo&filter=a+%3D+1',
    'type=xylo&filter=S_INTERSECTS%28p9%2CPOLYGON%28%28117+30%2C118+30%2C118+31%2C117+30%29%29%29',
    'type=xylo&filter=%28a+%3D+1%29+AND+S_INTERSECTS%28p9%2CPOLYGON%28%28117+30%2C118+30%2C118+31%2C117+30%29%29%29&colour=f2',
    'type=xylo&datetime=0037-01-01%2F0220-12-31',
    'type=xylo&datetime=-0221-01-01%2F0220-12-31',
  ]) same(pageQuery(readState(`?${text}`, config), config).toString(), text, 'the address');
});

test('an area is read out of the filter, what stood before it is kept', () => {
  const state = readState('?filter=(a=1) AND S_INTERSECTS(p9,POLYGON((117 30,118 30,118 31,117 30)))', config);
  same(state.area, [[117, 30], [118, 30], [118, 31]]);
  same(state.extra, 'a=1');
});

test('an area of another field, or no area at all, is left alone', () => {
  for (const filter of ['S_INTERSECTS(other,POLYGON((117 30,118 30,118 31,117 30)))', 'S_INTERSECTS(p9,POLYGON((117 30)))', "x='S_INTERSECTS('"]) {
    const state = readState(`?${new URLSearchParams({ filter })}`, config);
    same(state.area, null);
    same(query(state, config).get('filter'), filter);
  }
});

test('an unknown colour is none, and strange years are none', () => {
  same(readState('?colour=nope', config).colour, '');
  same(readState('?datetime=1950-06-01/..', config).years, null);
});

test('ticks toggle, clearing clears all but the colour', () => {
  let state = readState('?colour=f2', config);
  state = toggled(toggled(state, 'f1', 'a'), 'f1', 'b');
  same(query(state, config).getAll('f1'), ['a', 'b']);
  state = toggled(toggled(state, 'f1', 'a'), 'f1', 'b');
  same(state.values.has('f1'), false);
  same(isNarrowed(state), false);
  same(isNarrowed(toggled(state, 'f1', '')), true, 'the unknown bar');
  same(pageQuery(cleared(toggled(state, 'f1', 'a')), config).toString(), 'type=xylo&colour=f2');
});

test('tiles: the row stands before the column', () => {
  same(tileTemplate(readState('?q=a', config), config, 'http://h'),
    'http://h/api/collections/xylo/tiles/WebMercatorQuad/{z}/{y}/{x}?q=a&colour=f1');
});

const spot = (lon, lat, count = 1, value = '', id = 0) => ({ at: [lon, lat], count, value, id, title: '', vague: false });

test('projection there and back', () => {
  const [x, y] = project([117.27, 31.86], 8);
  const [lon, lat] = unproject(x, y, 8);
  same([+lon.toFixed(9), +lat.toFixed(9)], [117.27, 31.86]);
  same(project([0, 0], 0), [256, 256]);
});

test('groups hold every record once, and stand apart', () => {
  const spots = [];
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let i = 0; i < 3000; i++) spots.push(spot(115 + 4 * random(), 30 + 4 * random(), 1 + Math.floor(5 * random()), `v${i % 3}`, i));
  const whole = spots.reduce((sum, s) => sum + s.count, 0);
  for (const zoom of [5, 7.5, 10]) {
    const groups = gather(spots, zoom);
    same(groups.reduce((sum, g) => sum + g.count, 0), whole, 'all counts');
    same(groups.reduce((sum, g) => sum + g.spots.length, 0), spots.length, 'all spots');
    for (const g of groups) same([...g.values.values()].reduce((a, b) => a + b, 0), g.count, 'shares');
    if (groups.length < 2 || groups.length >= spots.length) throw new Error(`${groups.length} groups at ${zoom}`);
  }
  same(gather(spots, 22).length > 2900, true, 'apart when close');
});

test('two in one place are one group, two apart are two', () => {
  same(gather([spot(117, 31), spot(117, 31)], 16).length, 1);
  const zoom = 8;
  const [x, y] = project([117, 31], zoom);
  const far = unproject(x + radiusAt(zoom) + 1, y, zoom);
  same(gather([spot(117, 31), spot(...far)], zoom).length, 2);
});

test('a name stands inside its area', () => {
  const horseshoe = [[[0, 0], [10, 0], [10, 10], [8, 10], [8, 2], [2, 2], [2, 10], [0, 10]]];
  const [x, y] = namePlace(horseshoe);
  same((x < 2 || x > 8 || y < 2) && x > 0 && x < 10 && y > 0 && y < 10, true, `${x} ${y}`);
  const [bx, by] = namePlace([[[0, 0], [1, 0], [1, 1]], [[5, 5], [9, 5], [9, 9], [5, 9]]]);
  same(bx > 5 && bx < 9 && by > 5 && by < 9, true, 'the larger part');
});

const theme = { palette: ['#000001', '#000002', '#000003'], ramp: ['#000000', '#ffffff'], plain: '#999999' };
const tree = [
  { value: 'land', label: 'Land', count: 9 }, { value: 'n', label: 'N', count: 5, parent: 'land' },
  { value: 's', label: 'S', count: 4, parent: 'land' }, { value: 'n1', label: 'N1', count: 3, parent: 'n' },
  { value: '', label: '?', count: 1 },
];

test('a hierarchy is coloured by its first level with several values', () => {
  same(topsOf(tree).map((c) => c.value), ['n', 's']);
  const looks = looksOf({ field: 'x', label: '', kind: 'term' }, tree, theme, 'other');
  same([looks.get('n').colour, looks.get('n1').colour, looks.get('s').colour, looks.get('').colour],
    ['#000001', '#000001', '#000002', '#999999']);
});

test('colours the model gives are kept, with its shapes; more values than colours share one', () => {
  const given = looksOf({ field: 'x', label: '', kind: 'term', terms: [{ code: 'n', label: '', shape: 'square', colour: 2 }] }, tree, theme, 'other');
  same([given.get('n').colour, given.get('n').shape, given.get('s').colour], ['#000003', 'square', '#999999']);
  const many = Array.from({ length: 5 }, (_, i) => ({ value: `v${i}`, label: '', count: 5 - i }));
  const looks = looksOf({ field: 'x', label: '', kind: 'term' }, many, theme, 'other');
  same(many.map((c) => looks.get(c.value)?.colour ?? null), ['#000001', '#000002', '#000003', null, null]);
});

test('decades run from light to dark', () => {
  const looks = looksOf({ field: 'x', label: '', kind: 'period', bar: 10 }, [
    { value: '1950', label: '', count: 1 }, { value: '1890', label: '', count: 9 }, { value: '', label: '', count: 3 },
  ], theme, 'other');
  same([looks.get('1890').colour, looks.get('1950').colour], ['rgb(0,0,0)', 'rgb(255,255,255)']);
});

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
