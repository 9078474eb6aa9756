import { describe, expect, it } from 'vitest';
import { describeTargets, targetsAmong } from './attempt-processes.ts';
import type { ProcessEntry } from './process-table.ts';

function entry(pid: number, parentPid: number, groupId: number, attempt = ''): ProcessEntry {
  return { pid, parentPid, groupId, name: `p${pid}`, identity: `${pid}`, attempt };
}

const isOurs = ({ attempt }: ProcessEntry) => attempt === 'ours';
const SELF = process.pid;

describe('targetsAmong', () => {
  it('takes the whole group of each of our processes, once', () => {
    const leader = entry(10, 1, 10, 'ours');
    const child = entry(11, 10, 10, 'ours');
    const withoutEnvironment = entry(12, 10, 10);
    const daemon = entry(20, 1, 20, 'ours');
    const foreign = entry(30, 1, 30);
    const entries = [entry(SELF, 1, SELF), foreign, leader, child, withoutEnvironment, daemon];
    expect(targetsAmong(entries, isOurs)).toEqual([
      { kind: 'group', witness: leader, members: [leader, child, withoutEnvironment] },
      { kind: 'group', witness: daemon, members: [daemon] },
    ]);
  });

  it('never takes this process or what it descends from, nor their groups as a whole', () => {
    const grandparent = entry(2, 1, 2, 'ours');
    const parent = entry(3, 2, 2, 'ours');
    const self = entry(SELF, 3, SELF, 'ours');
    const sibling = entry(4, 2, 2, 'ours');
    const childOfSelf = entry(5, SELF, SELF, 'another');
    const entries = [grandparent, parent, self, sibling, childOfSelf];
    expect(targetsAmong(entries, isOurs)).toEqual([{ kind: 'process', witness: sibling }]);
  });

  it.each([0, 1])('never takes group %i', (groupId) => {
    expect(targetsAmong([entry(SELF, 1, SELF), entry(10, 1, groupId, 'ours')], isOurs)).toEqual([]);
  });

  it('copes with a table in which parents go round in a circle', () => {
    const entries = [entry(SELF, 7, 7), entry(7, SELF, 7)];
    expect(targetsAmong(entries, () => true)).toEqual([]);
  });
});

describe('describeTargets', () => {
  it('names processes, the first ten of many', () => {
    const members = Array.from({ length: 12 }, (_, index) => entry(index + 10, 1, 10));
    const witness = members[0] as ProcessEntry;
    expect(describeTargets([{ kind: 'process', witness }])).toBe('10 (p10)');
    expect(describeTargets([{ kind: 'group', witness, members }])).toMatch(
      /^10 \(p10\), .* 19 \(p19\) and 2 more$/,
    );
  });
});
