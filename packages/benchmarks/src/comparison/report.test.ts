import { expect, it } from 'vitest';
import type { Comparison, ComparisonRound } from './comparison.ts';
import { comparisonReport } from './report.ts';

const raw = {
  postgres1: 1,
  postgres20: 1,
  postgres100: 1,
  postgres500: 1,
  sqliteCommit: 1,
  sqlite20: 1,
  sqlite100: 1,
  sqlite500: 1,
};

const growth = {
  empty: 100,
  full: 80,
  fullRatio: 0.8,
  backlog: 70,
  backlogRatio: 0.7,
  small: 10,
  big: 11,
  flowRatio: 1.1,
};

function rowsOf(
  contenders: ComparisonRound['contenders'],
  others: Partial<Comparison> = {},
): readonly string[] {
  const comparison: Comparison = {
    machine: 'a machine',
    servers: ['a server'],
    versions: { taskedPostgres: 'this commit', graphileWorker: '1', pgBoss: '2' },
    failures: [],
    lostHostMs: 31_000,
    rounds: [{ contenders, raw, growth, killedMs: 300 }],
    ...others,
  };
  return comparisonReport(comparison).split('\n');
}

it('tells how many times as much we do', () => {
  const rows = rowsOf({
    taskedPostgres: { throughput: 300 },
    graphileWorker: { throughput: 400 },
    pgBoss: { throughput: 100 },
  });
  expect(rows).toContain(
    '| graphile-worker, PostgreSQL | 400 /s | 0 % | 0.75 | ≥ 0.9 | **missed** |',
  );
  expect(rows).toContain('| pg-boss, PostgreSQL | 100 /s | 0 % | 3 | ≥ 2 | reached |');
});

it('tells how many times as little time we take', () => {
  const rows = rowsOf({ taskedPostgres: { chain: 1 }, graphileWorker: { chain: 2 } });
  expect(rows).toContain('| graphile-worker, PostgreSQL | 2 ms | 0 % | 2 | ≥ 1 | reached |');
});

it('leaves out who was not measured', () => {
  const rows = rowsOf({ taskedPostgres: { chain: 1 }, graphileWorker: {} });
  expect(rows).toContain('| Tasked, PostgreSQL | 1 ms | 0 % |  |  |  |');
  expect(rows.filter((row) => row.startsWith('| graphile-worker, PostgreSQL | 2 ms'))).toEqual([]);
});

it('wants the limit of a queue to be exact and its slots to be used', () => {
  const rows = rowsOf({
    taskedPostgres: { narrowMost: 10, narrowRate: 190 },
    pgBoss: { narrowMost: 14, narrowRate: 100 },
  });
  expect(rows).toContain('| Tasked, PostgreSQL | 10 | 190 | 95 % | 10, ≥ 80 % | reached |');
  expect(rows).toContain('| pg-boss, PostgreSQL | 14 | 100 | 50 % |  |  |');
  const exceeded = rowsOf({ taskedPostgres: { narrowMost: 11, narrowRate: 190 } });
  expect(exceeded).toContain('| Tasked, PostgreSQL | 11 | 190 | 95 % | 10, ≥ 80 % | **missed** |');
});

it('tells who failed', () => {
  const rows = rowsOf({}, { failures: ['dbos could not do "run"'] });
  expect(rows).toContain('Left out after it failed: dbos could not do "run".');
});
