import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory that is removed after the test. */
export function tempDir(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tasked-e2e-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
