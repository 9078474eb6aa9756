import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A directory of its own, removed after the tests of the suite that asks for it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tasked-executors-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  return directory;
}
