import { describe, expect, it } from 'vitest';
import { type ProcessEntry, type ProcessTable, sharedLooks } from './process-table.ts';

/** A table whose looks end when they are told to, each with its number as the only pid. */
function slowTable() {
  const looks: Array<{ end: () => void; fail: () => void }> = [];
  const table: ProcessTable = {
    identityOf: () => 'same',
    list: () =>
      new Promise<readonly ProcessEntry[]>((resolve, reject) => {
        const pid = looks.length + 1;
        const entry = { pid, parentPid: 0, groupId: 0, name: '', identity: '', attempt: null };
        looks.push({ end: () => resolve([entry]), fail: () => reject(new Error('no table')) });
      }),
  };
  return { table: sharedLooks(table), looks };
}

async function pidOf(look: Promise<readonly ProcessEntry[]>): Promise<number | undefined> {
  return (await look)[0]?.pid;
}

describe('sharedLooks', () => {
  it('lets all who ask during a look share the next one', async () => {
    const { table, looks } = slowTable();
    const first = pidOf(table.list());
    const second = pidOf(table.list());
    const third = pidOf(table.list());
    expect(looks).toHaveLength(1);
    looks[0]?.end();
    expect(await first).toBe(1);
    await Promise.resolve();
    expect(looks).toHaveLength(2);
    const fourth = pidOf(table.list());
    looks[1]?.end();
    expect(await second).toBe(2);
    expect(await third).toBe(2);
    looks[2]?.end();
    expect(await fourth).toBe(3);
  });

  it('looks anew when nobody looks', async () => {
    const { table, looks } = slowTable();
    const first = pidOf(table.list());
    looks[0]?.end();
    await first;
    const second = pidOf(table.list());
    looks[1]?.end();
    expect(await second).toBe(2);
  });

  it('does not let a failed look spoil the next', async () => {
    const { table, looks } = slowTable();
    const first = pidOf(table.list());
    const second = pidOf(table.list());
    looks[0]?.fail();
    await expect(first).rejects.toThrow('no table');
    await Promise.resolve();
    looks[1]?.end();
    expect(await second).toBe(2);
  });

  it('passes questions for one process on', () => {
    expect(slowTable().table.identityOf(1)).toBe('same');
  });
});
