import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { expect, it, onTestFinished, vi } from 'vitest';
import { prepareDataDirectory } from '../src/sqlite/data-directory.ts';
import { openDatabase } from '../src/sqlite/database.ts';
import { RunnerLocks } from '../src/sqlite/runner-locks.ts';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { newDirectory } from './data-directories.ts';

/*
 * A statement that is planned badly is right and slow, and slower with every row. SQLite knows nothing of
 * how full a table is until ANALYZE, which nobody runs: every plan must be good without, for ever.
 */

/** Reads that walk an index from its beginning, and stop early or find a handful of rows there. */
const SHORT_WALKS = [
  'SCAN runner USING INDEX runner_known',
  'SCAN flow_task USING COVERING INDEX flow_task_held',
  'SCAN flow_task USING COVERING INDEX flow_task_ready',
  'SCAN pruned_flow',
  'SCAN flow_task USING COVERING INDEX flow_task_due',
  'SCAN json_each VIRTUAL TABLE INDEX 1:',
  'SCAN a',
];

it('no statement looks through a table, or sorts what it found there', async () => {
  const { db, statements } = await storeStatements();
  for (const sql of statements) {
    for (const step of planOf(db, sql)) {
      if (SHORT_WALKS.includes(step)) continue;
      expect(step, sql).not.toMatch(/^SCAN/);
      if (!sql.includes('from attempt')) expect(step, sql).not.toMatch(/TEMP B-TREE/);
    }
  }
});

/*
 * `+?` is a parameter at whose value the planner cannot peek. Where it can, beside a JOIN, an ORDER BY or a
 * LIMIT, SQLite plans the statement anew for every value: 40 µs instead of 2.
 */
it('no statement is planned anew for every value', async () => {
  const { statements } = await storeStatements();
  for (const sql of statements.filter((one) => /\b(join|order by|limit)\b/.test(one))) {
    expect(sql).not.toMatch(/(?<!\+)\?/);
  }
});

it('every plan stays what it is from a backlog of 1,000 to one of 200,000', async () => {
  const { db, statements } = await storeStatements();
  fill(db, 1_000);
  const plans = statements.map((sql) => planOf(db, sql));
  fill(db, 200_000);
  expect(statements.map((sql) => planOf(db, sql))).toEqual(plans);
});

/** Every statement that a store prepares, and a database to plan them on. */
async function storeStatements() {
  const directory = prepareDataDirectory(join(newDirectory(), 'data'));
  const { db, transactions } = await openDatabase(directory.database);
  const prepare = vi.spyOn(db, 'prepare');
  const locks = new RunnerLocks(directory.runners);
  const store = new SqliteStore({ db, transactions, locks, logger: undefined });
  onTestFinished(() => store.close());
  const statements = prepare.mock.calls.map(([sql]) => sql);
  prepare.mockRestore();
  return { db, statements: statements.filter((sql) => /^(select|update|delete)/.test(sql)) };
}

function planOf(db: Database, sql: string): readonly string[] {
  const rows = db.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`);
  return rows.all(parametersOf(sql)).map(({ detail }) => detail);
}

/** One for every parameter: values do not matter, since nothing was analysed. */
function parametersOf(sql: string): unknown {
  const named = sql.match(/\$\w+/g);
  if (named !== null) return Object.fromEntries(named.map((name) => [name.slice(1), 1]));
  return [...sql].filter((letter) => letter === '?').map(() => 1);
}

/** Ready tasks, delayed ones, running ones and ended ones, in flows of a thousand. */
function fill(db: Database, tasks: number): void {
  db.exec(`
    delete from flow_task;
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${tasks - 1})
    insert into flow_task (key, flow_key, id, lane_key, state, priority, open, failed, skipped, holds,
      rule, allow_failure, attempt, fence, runner_key, rev, available_at)
    select (i / 1000) * 1048576 + i % 1000, i / 1000, 't' || i, i % 7, i % 9, 0, 0, 0, 0, 0, 0, 0, 0,
      0, iif(i % 9 = 3, 1, null), 1, iif(i % 9 = 1, i, null)
    from n`);
}
