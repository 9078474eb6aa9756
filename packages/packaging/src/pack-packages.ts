import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const ROOT = resolve(import.meta.dirname, '../../..');

/**
 * Packs every package that is published into `folder`, as a release does, and returns the paths of the
 * files. The packages MUST have been built.
 */
export async function packPackages(folder: string): Promise<readonly string[]> {
  const only = publishedNames().map((name) => `--filter=${name}`);
  const pack = ['--recursive', '--no-sort', ...only, 'pack', '--pack-destination', folder];
  await execa('pnpm', pack, { cwd: ROOT });
  return readdirSync(folder).map((file) => join(folder, file));
}

function publishedNames(): readonly string[] {
  return globSync('{packages,apps}/*/package.json', { cwd: ROOT })
    .map((file) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Manifest)
    .filter((manifest) => !manifest.private)
    .map(({ name }) => name);
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}
