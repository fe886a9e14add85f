/** Packs the built packages into a folder, for machines without a registry: pack.mjs FOLDER */
import { resolve } from 'node:path';
import { packAll } from './lib/pack.mjs';

const [folder = 'tarballs'] = process.argv.slice(2);
for (const tarball of await packAll(resolve(folder))) console.log(tarball);
