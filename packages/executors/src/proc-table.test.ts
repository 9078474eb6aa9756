import { describe, expect, it } from 'vitest';
import { attemptIn, parseStat, procTable } from './proc-table.ts';

describe('parseStat', () => {
  const rest = '34816 5 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3';

  it('reads what tells processes apart', () => {
    expect(parseStat(`12 (sh) S 3 4 5 ${rest}`)).toEqual({
      pid: 12,
      parentPid: 3,
      groupId: 4,
      name: 'sh',
      identity: '987654',
    });
  });

  it('takes any name, brackets and line ends too', () => {
    expect(parseStat(`12 (a) Z 1 (\nb) R 3 4 5 ${rest}`)).toMatchObject({
      name: 'a) Z 1 (\nb',
      parentPid: 3,
    });
  });

  it.each(['Z', 'X'])('knows by its state %s that a process has ended', (state) => {
    expect(parseStat(`12 (sh) ${state} 3 4 5 ${rest}`)).toBeNull();
  });

  it('takes nothing for what is cut short', () => {
    expect(parseStat('')).toBeNull();
    expect(parseStat('12 (sh) S 3')).toBeNull();
  });
});

describe('attemptIn', () => {
  it.each([
    ['TASKED_ATTEMPT=f/t/1\0', 'f/t/1'],
    ['A=1\0TASKED_ATTEMPT=f/t/1\0B=2\0', 'f/t/1'],
    ['A=1\0TASKED_ATTEMPT=f/t/1', 'f/t/1'],
    ['XTASKED_ATTEMPT=f/t/1\0TASKED_ATTEMPT=f/t/2\0', 'f/t/2'],
    ['A=TASKED_ATTEMPT=f/t/1\0', null],
    ['', null],
  ])('of %j is %j', (environment, attempt) => {
    expect(attemptIn(Buffer.from(environment))).toBe(attempt);
  });

  it('of what cannot be read is null', () => {
    expect(attemptIn(null)).toBeNull();
  });
});

describe('procTable', () => {
  it('lists this process as the system knows it', async () => {
    const table = procTable();
    const self = (await table.list()).find(({ pid }) => pid === process.pid);
    expect(self).toMatchObject({ parentPid: process.ppid });
    expect(table.identityOf(process.pid)).toBe(self?.identity);
  });

  it('knows no process of a pid that is not in use', () => {
    expect(procTable().identityOf(2 ** 30)).toBeNull();
  });
});
