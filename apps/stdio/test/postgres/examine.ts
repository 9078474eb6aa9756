import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { BIN } from '../support/bin.ts';

interface Check {
  readonly name: string;
  readonly status: string;
  readonly found: string;
}

/** What the doctor says of a database; further arguments come after its URL. */
export function examine(url: string, ...more: readonly string[]) {
  const args = [BIN, 'doctor', '--json', '--database-url', url, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).not.toContain('tasked:tasked');
  const { checks } = JSON.parse(stdout) as { checks: readonly Check[] };
  const named = (name: string) => checks.find((check) => check.name === name);
  return { status, checks, named };
}
