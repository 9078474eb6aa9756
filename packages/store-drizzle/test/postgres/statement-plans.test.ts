import type { FlowTaskId, Tick, TickResult } from '@tasked/core';
import { failed, newFlow, newTask, newTasks, retried, succeeded } from '@tasked/store-testkit';
import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { Advancing } from '../../src/postgres/advancing.ts';
import { Claims } from '../../src/postgres/claims.ts';
import { Client } from '../../src/postgres/client.ts';
import { Creating } from '../../src/postgres/creating.ts';
import { Database, quoteName } from '../../src/postgres/database.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { newSchema } from './schemas.ts';

/*
 * A statement that is planned badly is right and slow, and slower with every row. A plan is made once for each
 * connection, and nobody knows how full the tables are then, or when they were analysed last: every plan must be the
 * same, and good, whatever PostgreSQL knows.
 */

/** A node of a plan, as auto_explain tells it; only what is looked at. */
interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Node[];
}

interface Explained {
  readonly 'Query Text': string;
  readonly Plan: Node;
}

/** Done once for each lane, of which there are few. */
const ONCE = 'select q.name as queue, l.executor';

const MINUTES = 2 * 60_000;

it('every plan stays what it is, from empty tables to 200,000 tasks, analysed or not', {
  timeout: MINUTES,
}, async () => {
  const known = new Map<string, Node>();
  for (const backlog of [0, 1_000, 200_000]) {
    for (const plans of await plansOf({ backlog })) {
      expect(plans.size).toBeGreaterThan(40);
      for (const [text, plan] of plans) {
        // What is handed over, and what is listed, depends on whether there is other work.
        if (!known.has(text)) known.set(text, plan);
        expect(plan, `${backlog} tasks: ${text}`).toEqual(known.get(text));
      }
    }
  }
  expect(known.size).toBeGreaterThan(50);
});

it('no statement looks through a table or an index, or sorts what it found there', {
  timeout: MINUTES,
}, async () => {
  const [, plans] = await plansOf({ backlog: 1_000 });
  for (const [text, plan] of plans) {
    for (const node of nodesIn(plan)) {
      // There are as many rows as ticks whose tasks run.
      if (node['Relation Name'] === 'held') continue;
      expect(node['Node Type'], text).not.toMatch(/Seq Scan|Bitmap|Hash Join|Merge Join/);
      const stopsAtOnce = text.includes('limit 1');
      if (node['Index Name'] !== undefined && !stopsAtOnce) {
        expect(node['Index Cond'], text).toBeDefined();
      }
      if (node['Node Type'] === 'Limit') {
        expect(nodesIn(node).map((below) => below['Node Type'])).not.toContain('Sort');
      }
    }
  }
});

type Plans = ReadonlyMap<string, Node>;

/**
 * The shapes of the plans by which a flow is submitted and run, by statement: before the tables are analysed, and
 * afterwards. `backlog`: how many tasks are in the tables already, ready, delayed, running and ended ones.
 */
async function plansOf({
  backlog,
}: {
  readonly backlog: number;
}): Promise<readonly [before: Plans, after: Plans]> {
  let plans = new Map<string, Node>();
  const schema = newSchema();
  const onnotice = ({ message = '' }) => {
    if (!message.includes('plan:')) return;
    const explained: Explained = JSON.parse(message.slice(message.indexOf('{')));
    const text = explained['Query Text'].replaceAll(schema, 's');
    if (!text.startsWith(ONCE)) plans.set(text, shapeOf(explained.Plan));
  };
  const sql = postgres(inject('postgresUrl'), { max: 1, onnotice, fetch_types: false });
  onTestFinished(() => sql.end());
  await migrate(sql, schema);
  await sql.unsafe(`set search_path to ${quoteName(schema)}; ${fill(backlog)}`);
  await sql.unsafe(EXPLAIN);
  const client = new Client({ connect: () => sql, size: 1, answerMs: MINUTES });
  const db = new Database({ client, schema, onUnanswered: () => {} });
  await runFlow(db);
  const before = plans;
  plans = new Map();
  await sql.unsafe('analyze flow, flow_task, ready_task, held, due_task, queue, lane, runner');
  await runFlow(db);
  return [before, plans];
}

/** Runs a flow in which everything happens that is common: dependents, a join, a retry, a skip. */
async function runFlow(db: Database): Promise<void> {
  const claims = new Claims(db);
  const advancing = new Advancing(claims);
  const creating = new Creating(claims);
  const tasks = [
    newTask('first'),
    ...newTasks('leaf', 20).map((leaf) => ({ ...leaf, dependsOn: ['first'] })),
    newTask('fails', { dependsOn: ['first'] }),
    newTask('skipped', { dependsOn: ['fails'] }),
    newTask('skipped too', { dependsOn: ['skipped'] }),
  ];
  const claim = { limit: 100, executors: ['noop'], queues: ['ours'] };
  const standing = { ...claim, limit: 1, standing: true };
  claims.standing.open('us', standing);
  claims.standing.close('us', standing, null);
  await creating.create(newFlow({ queue: 'ours', tasks: [newTask('given')] }));
  await creating.create(newFlow({ queue: 'ours', tasks }));
  let settle: Tick['settle'] = [];
  for (let now = 1; now < 5; now++) {
    const { result } = await advancing.advance({ runnerId: 'us', now, settle, claim });
    await db.query('select @running_in(1), (select count(*) from @held_by(1))');
    settle = claimedBy(result).map(({ ref, attempt }) => {
      if (ref.taskId === 'fails') return failed(ref);
      return ref.taskId === LATER && attempt === 1 ? retried(ref, now) : succeeded(ref);
    });
  }
}

const LATER: FlowTaskId = 'leaf0';

function claimedBy(result: TickResult) {
  return result.runner === 'ok' ? result.claimed : [];
}

/** What of a plan does not depend on how much there is: its nodes, and what they use. */
function shapeOf(node: Node): Node {
  return {
    'Node Type': node['Node Type'],
    ...(node['Relation Name'] && { 'Relation Name': node['Relation Name'] }),
    ...(node['Index Name'] && { 'Index Name': node['Index Name'] }),
    ...(node['Index Cond'] && { 'Index Cond': node['Index Cond'] }),
    ...(node.Plans && { Plans: node.Plans.map(shapeOf) }),
  };
}

function nodesIn(plan: Node): readonly Node[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesIn)];
}

const EXPLAIN = `
  load 'auto_explain'; set client_min_messages = log; set auto_explain.log_level = notice;
  set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
  set auto_explain.log_format = json`;

/** A runner, a queue of its own, and tasks of other queues in flows of a thousand. Nothing is analysed by itself. */
function fill(tasks: number): string {
  return `
    ${['flow', 'flow_task', 'ready_task', 'held', 'due_task', 'output', 'flow_task_spec']
      .map((table) => `alter table ${table} set (autovacuum_enabled = off);`)
      .join('\n')}
    insert into runner (id, name, host, pid, process, presence, registered_at, server_start)
      values ('us', 'us', 'here', 1, 'p', 2, 0, 0);
    insert into queue (name, retries) values ('ours', 0);
    insert into queue (name, retries) select 'q' || i, 0 from generate_series(1, 6) i;
    insert into lane (queue_key, executor) select key, 'noop' from queue order by key;
    insert into flow (id, owner, queue_key, state, rev, task_count, blocked, delayed, ready, running, waiting,
        succeeded, failed, cancelled, skipped, fatal_count, fail_fast, created_at)
      select 'f' || i, '', 2 + i % 6, 0, 1, 1000, 0, 250, 250, 250, 0, 250, 0, 0, 0, 0, false, i
      from generate_series(1, ${tasks / 1_000}) i;
    insert into flow_task (key, flow_key, id, lane_key, state, priority, open, failed, skipped, holds, rule,
        allow_failure, attempt, fence, rev, runner_key, available_at)
      select (f.key << 20) + i, f.key, 't' || i, f.queue_key, (array[1, 2, 3, 5])[i % 4 + 1], 0, 0, 0, 0, 0, 0,
        false, 1, 1, 1, case when i % 4 = 2 then 1 end, case when i % 4 = 0 then 1e6 + i end
      from flow f, generate_series(0, 999) i;
    insert into ready_task (task_key, lane_key, priority) select key, lane_key, priority from flow_task where state = 2;
    insert into held (runner_key, task_keys)
      select 1, array_agg(key order by key) from flow_task where state = 3 group by flow_key;
    insert into due_task (available_at, task_key) select available_at, key from flow_task where state = 1;
    insert into output (task_key, json) select key, '{}' from flow_task where state = 5;
    insert into flow_task_spec (task_key, config, input, retries, backoff_ms, max_backoff_ms)
      select key, '{}', '{}', 0, 0, 0 from flow_task;`;
}
