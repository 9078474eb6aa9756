import { describe, expect, it, vi } from 'vitest';
import type { Target } from './attempt-processes.ts';
import { endProcesses } from './end-processes.ts';
import type { ProcessTable } from './process-table.ts';

const witness = {
  pid: 2 ** 30,
  parentPid: 1,
  groupId: 2 ** 30,
  name: 'ghost',
  identity: 'then',
  attempt: null,
};
const target: Target = { kind: 'process', witness };
const table: ProcessTable = { list: async () => [], identityOf: () => 'now' };

describe('endProcesses', () => {
  it('looks twice before it believes that nothing is there', async () => {
    let looks = 0;
    const find = async () => {
      looks += 1;
      return [];
    };
    expect(await endProcesses({ table, find, graceMs: 0, remark: () => {} })).toEqual([]);
    expect(looks).toBe(2);
  });

  it('sends nothing to a later process of the same pid', async () => {
    const remarks: string[] = [];
    const finds: Target[][] = [[target], [], [target], [], []];
    const find = async () => finds.shift() ?? [];
    await endProcesses({ table, find, graceMs: 0, remark: (text) => remarks.push(text) });
    expect(remarks).toEqual([]);
  });

  it('gives up on what no signal reaches, and returns it', async () => {
    vi.useFakeTimers();
    const find = async () => [target];
    const left = endProcesses({ table, find, graceMs: 2_000, remark: () => {} });
    await vi.advanceTimersByTimeAsync(7_200);
    expect(await left).toEqual([target]);
    vi.useRealTimers();
  });
});
