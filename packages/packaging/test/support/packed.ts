import { basename } from 'node:path';
import { inject } from 'vitest';

/** Every published package by its name; the path of each as it is packed. */
export function packed(): ReadonlyMap<string, string> {
  return new Map(inject('packedFiles').map((file) => [nameOf(file), file]));
}

/** `tasked-core-0.1.0.tgz` holds `@tasked/core`. */
function nameOf(file: string): string {
  return basename(file).replace(/^(.+?)-(.+)-\d+\..*$/, '@$1/$2');
}
