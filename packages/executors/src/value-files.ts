import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttemptRef } from '@tasked/core';
import { attemptMarker, isMarkedUpTo } from './attempt-marker.ts';
import type { Environment } from './environment.ts';

/** Files that hold values for one attempt, for this user alone, in a directory of their own. */
export class ValueFiles {
  readonly #ref: AttemptRef;
  #directory: string | null = null;

  constructor(ref: AttemptRef) {
    this.#ref = ref;
  }

  /** Writes each text to a file; returns the paths by the same names. */
  async write(texts: ReadonlyMap<string, string>): Promise<Environment> {
    if (texts.size === 0) return {};
    this.#directory ??= await mkdtemp(join(tmpdir(), `${directoryName(this.#ref)}-`));
    const paths: Record<string, string> = {};
    for (const [name, text] of texts) {
      const path = join(this.#directory, name);
      await writeFile(path, text, { mode: 0o600, flag: 'wx' });
      paths[name] = path;
    }
    return paths;
  }

  /** Removes them all. What cannot be removed stays, and changes nothing of how the attempt has ended. */
  async remove(): Promise<void> {
    if (this.#directory !== null) await removeDirectory(this.#directory);
  }
}

/** Removes the files that the attempt, and earlier ones of its task, left behind in this directory. */
export async function removeLeftFiles(ref: AttemptRef): Promise<void> {
  const left = (await readdir(tmpdir())).filter((name) => isLeftBy(ref, name));
  for (const name of left) await removeDirectory(join(tmpdir(), name));
}

const PREFIX = 'tasked-';
const RANDOM_SUFFIX = /-[A-Za-z0-9]{6}$/;

/** Ids hold letters, digits, `-` and `_` only. */
function directoryName(ref: AttemptRef): string {
  return PREFIX + attemptMarker(ref).replaceAll('/', '.');
}

function isLeftBy(ref: AttemptRef, name: string): boolean {
  if (!name.startsWith(PREFIX) || !RANDOM_SUFFIX.test(name)) return false;
  const marker = name.slice(PREFIX.length).replace(RANDOM_SUFFIX, '').replaceAll('.', '/');
  return isMarkedUpTo(ref, marker);
}

async function removeDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => {});
}
