import { basename } from 'node:path';
import { packPackages } from '../../src/pack-packages.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Every published package by its name, packed for the tests of one file; the path of each. */
export async function packed(): Promise<ReadonlyMap<string, string>> {
  const files = await packPackages(temporaryFolder());
  return new Map(files.map((file) => [nameOf(file), file]));
}

/** `tasked-core-0.1.0.tgz` holds `@tasked/core`. */
function nameOf(file: string): string {
  return basename(file).replace(/^(.+?)-(.+)-\d+\..*$/, '@$1/$2');
}
