import { describe, expect, it } from 'vitest';
import { parsePsLine, psTable, startedAt } from './ps-table.ts';

describe('parsePsLine', () => {
  it('reads what tells processes apart', () => {
    expect(parsePsLine('   12     3     4 Ss+  Fri Nov  6 09:16:14 2026 /bin/my sh')).toEqual({
      pid: 12,
      parentPid: 3,
      groupId: 4,
      name: '/bin/my sh',
      identity: 'Fri Nov  6 09:16:14 2026',
      attempt: null,
    });
  });

  it.each([
    '   12     3     4 Z    Fri Nov  6 09:16:14 2026 sh <defunct>',
    '',
    'ps: something is wrong',
  ])('takes nothing for %j', (line) => {
    expect(parsePsLine(line)).toBeNull();
  });
});

it('the identity tells when a process began, whatever the time zone', () => {
  expect(startedAt('Fri Nov  6 09:16:14 2026')).toBe(Date.UTC(2026, 10, 6, 9, 16, 14));
});

describe('psTable', () => {
  it('lists this process as the system knows it', async () => {
    const table = psTable();
    const self = (await table.list()).find(({ pid }) => pid === process.pid);
    expect(self).toMatchObject({ parentPid: process.ppid });
    expect(table.identityOf(process.pid)).toBe(self?.identity);
    const age = Date.now() - startedAt(self?.identity ?? '');
    expect(Math.abs(age - process.uptime() * 1000)).toBeLessThan(2_000);
  });

  it('knows no process of a pid that is not in use', () => {
    expect(psTable().identityOf(99_999_999)).toBeNull();
  });
});
