import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packPackages } from '../src/pack-packages.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed file of every published package. */
    packedFiles: readonly string[];
  }
}

/** Packs the packages once for all tests of a run. Rejects when one of them has not been built. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tasked-packed-')));
  project.provide('packedFiles', await packPackages(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}
