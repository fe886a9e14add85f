/** Makes the folder from which the package in the current folder is packed: what was built, and the published manifest. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedManifest, publishedReadme, STAGED } from './lib/publishing.mjs';
import { ROOT } from './lib/workspace.mjs';

const folder = process.cwd();
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
if (!existsSync('dist')) throw new Error(`${manifest.name} is not built: run npm run build`);

rmSync(STAGED, { recursive: true, force: true });
for (const entry of manifest.files) cpSync(entry, join(STAGED, entry), { recursive: true });
cpSync(join(ROOT, 'LICENSE'), join(STAGED, 'LICENSE'));
writeFileSync(join(STAGED, 'README.md'), publishedReadme(readFileSync('README.md', 'utf8'), { folder }));
const published = publishedManifest({ folder, manifest }, { version: manifest.version });
writeFileSync(join(STAGED, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
