// npm supercluster answering for tiles, one question a line: `z column row` → `milliseconds bytes`.
// usage: node clusters.mjs FOLDER_OF_NODE_MODULES POINTS, a file of `lon,lat` lines. Says `ready` first.
import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

const [folder, file] = process.argv.slice(2);
const need = async (name) => (await import(pathToFileURL(`${folder}/${name}/index.js`))).default;
const Supercluster = await need('supercluster');
const {fromGeojsonVt} = await need('vt-pbf');

const points = readFileSync(file, 'utf8').trimEnd().split('\n').map((line, i) => ({
    type: 'Feature', properties: {i}, geometry: {type: 'Point', coordinates: line.split(',').map(Number)},
}));
const clusters = new Supercluster({radius: 64, extent: 4096, maxZoom: 16}).load(points);
process.stdout.write('ready\n');
for await (const line of createInterface({input: process.stdin})) {
    const [z, column, row] = line.split(' ').map(Number);
    const start = process.hrtime.bigint();
    const tile = clusters.getTile(z, column, row);
    const bytes = tile ? fromGeojsonVt({records: tile}, {version: 2, extent: 4096}).length : 0;
    process.stdout.write(`${Number(process.hrtime.bigint() - start) / 1e6} ${bytes}\n`);
}
