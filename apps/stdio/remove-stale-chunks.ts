/**
 * Runs before the package is packed: leaves in dist what the sources bundle to, and fails when some of that is missing.
 * The names of chunks change with what is in them, and the cache of builds removes none that another build left.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import config from './rolldown.config.ts';

const { output: options, ...input } = config;
const bundle = await rolldown(input);
const { output } = await bundle.generate(options);
await bundle.close();
const ofBuild = new Set(output.map(({ fileName }) => fileName));
const missing = [...ofBuild].find((file) => !existsSync(join('dist', file)));
if (missing !== undefined) {
  throw new Error(`dist/${missing} is missing: run "npm run build" at the root first`);
}
for (const file of readdirSync('dist')) {
  if (!ofBuild.has(file)) rmSync(join('dist', file), { recursive: true, force: true });
}
