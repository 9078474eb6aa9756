import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { InspectedRunner, SqliteInspection } from '@tasked/store-drizzle/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Check } from './check.ts';
import { clockCheck } from './clock-check.ts';
import { databaseCheck } from './database-check.ts';
import { directoryCheck } from './directory-check.ts';
import { diskCheck } from './disk-check.ts';
import { locksCheck } from './locks-check.ts';
import { nodeCheck } from './node-check.ts';
import { runnersCheck } from './runners-check.ts';
import { shellCheck } from './shell-check.ts';
import { showChecks } from './show-checks.ts';
import { sqliteCheck } from './sqlite-check.ts';

/** The status, when what is not well comes with advice. */
function statusOf({ status, advice }: Check): Check['status'] {
  expect(advice === null).toBe(status === 'ok');
  return status;
}

function newDirectory(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tasked-doctor-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('the doctor', () => {
  it.each([
    ['24.0.0', 'ok'],
    ['22.18.0', 'ok'],
    ['22.17.1', 'fail'],
    ['20.19.0', 'fail'],
  ])('judges Node %s', (version, status) => {
    const check = nodeCheck(version, '/usr/bin/node');
    expect(statusOf(check)).toBe(status);
    expect(check.found).toBe(`${version} (/usr/bin/node)`);
  });

  it('loads the native module', async () => {
    expect(await sqliteCheck()).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(/^3\.\d+/),
    });
  });

  it('looks for a shell', () => {
    expect(statusOf(shellCheck('linux'))).toBe('ok');
    expect(statusOf(shellCheck('linux', '/bin/no-such-shell'))).toBe('fail');
    expect(statusOf(shellCheck('win32'))).toBe('fail');
  });

  it('judges the data directory', () => {
    const directory = newDirectory();
    expect(statusOf(directoryCheck(directory))).toBe('ok');
    expect(directoryCheck(join(directory, 'a/b')).found).toContain('makes it');
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(statusOf(directoryCheck(file))).toBe('fail');
    expect(directoryCheck(join(file, 'below'))).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('lies in a file'),
    });
    const open = join(directory, 'open');
    mkdirSync(open);
    chmodSync(open, 0o750);
    expect(directoryCheck(open)).toMatchObject({
      status: 'warn',
      advice: expect.stringContaining('chmod 700'),
    });
  });

  it.each([
    [{ kind: 'none' }, 'ok'],
    [{ kind: 'ours', schema: 2, known: 2 }, 'ok'],
    [{ kind: 'ours', schema: 1, known: 2 }, 'ok'],
    [{ kind: 'ours', schema: 3, known: 2 }, 'fail'],
    [{ kind: 'foreign' }, 'fail'],
    [{ kind: 'unreadable', reason: 'is not a database' }, 'fail'],
  ] satisfies [SqliteInspection['database'], string][])(
    'judges the database %o',
    (found, status) => {
      const check = databaseCheck({ file: '/data/tasked.sqlite', database: found, runners: [] });
      expect(statusOf(check)).toBe(status);
    },
  );

  it('names who runs and who died', () => {
    const runner = (name: string, isAlive: boolean, attempts = 0): InspectedRunner => ({
      ...{ id: `r_${name}`, name, host: 'host', pid: 7, registeredAt: 0 },
      isAlive,
      attempts,
    });
    expect(runnersCheck([])).toMatchObject({ status: 'ok', found: 'none is running' });
    expect(runnersCheck([runner('night-shift', true), runner('host:7', true)])).toMatchObject({
      status: 'ok',
      found: 'running: night-shift (process 7), host:7',
    });
    const died = runnersCheck([runner('alive', true), runner('dead', false, 3)]);
    expect(statusOf(died)).toBe('warn');
    expect(died.found).toBe('running: alive (process 7); died: dead (process 7)');
    expect(died.advice).toContain('takes over the 3 tasks');
    const many = Array.from({ length: 8 }, (_, index) => runner(`w${index}`, true));
    expect(runnersCheck(many).found).toContain('and 3 more');
  });

  it('warns of disks that keep no locks', () => {
    expect(statusOf(locksCheck(0xef53, 'linux'))).toBe('ok');
    expect(statusOf(locksCheck(0x6969, 'linux'))).toBe('warn');
    expect(statusOf(locksCheck(0x6969, 'darwin'))).toBe('ok');
  });

  it.each([
    [10 * 1024, 'fail', '0 MiB free'],
    [100 * 1024 ** 2, 'warn', '100 MiB free'],
    [50.5 * 1024 ** 3, 'ok', '50.5 GiB free'],
  ])('judges a disk with %d bytes free', (free, status, found) => {
    expect(statusOf(diskCheck(free))).toBe(status);
    expect(diskCheck(free).found).toBe(found);
  });

  it('warns of a clock that was set back, or jumps', () => {
    const now = Date.UTC(2026, 0, 1);
    const even = { now, evenNow: now + 500, newestFile: now + 500 };
    expect(statusOf(clockCheck(even))).toBe('ok');
    expect(statusOf(clockCheck({ ...even, newestFile: null }))).toBe('ok');
    const back = clockCheck({ ...even, newestFile: now + 3_600_000 });
    expect(statusOf(back)).toBe('warn');
    expect(back.found).toContain('60 min behind');
    const jumped = clockCheck({ ...even, evenNow: now - 30_000 });
    expect(statusOf(jumped)).toBe('warn');
    expect(jumped.found).toContain('30 s');
  });

  it('shows a table that says below each finding what to do', () => {
    const checks: readonly Check[] = [
      { name: 'node', status: 'ok', found: '24.0.0', advice: null },
      { name: 'data directory', status: 'warn', found: 'open to others', advice: 'close it' },
      { name: 'disk', status: 'fail', found: '0 MiB free', advice: 'free some space' },
    ];
    const plain = new PassThrough();
    expect(showChecks(checks, plain)).toBe(
      [
        'ok    node            24.0.0',
        'warn  data directory  open to others',
        '                      → close it',
        'fail  disk            0 MiB free',
        '                      → free some space',
        '',
        'Tasked cannot run here: 1 failed, 1 to look at.',
        '',
      ].join('\n'),
    );
    expect(showChecks(checks.slice(0, 1), plain)).toMatch(/\n\nAll is well\.\n$/);
    expect(showChecks(checks.slice(0, 2), plain)).toMatch(/runs here, with 1 to look at\.\n$/);
  });
});
