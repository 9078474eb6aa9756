import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';

/*
 * The tables of a data file, for drizzle-kit, which turns changes into migrations. Nothing imports this
 * at run time: drizzle's builder takes half a second and 200 MB to load.
 *
 * What changes with every tick (`flow_task`) stands apart from what is written once (`flow_task_spec`, long
 * outputs) or at the end (`attempt`). Words are stored as numbers: codes.ts. The key of a task says
 * which flow it belongs to and where it stands in it: flow-task-key.ts; a flow is a range of keys.
 */

/** Every process that ever ran tasks here; `presence` tells what is left of it. */
export const runner = sqliteTable(
  'runner',
  {
    key: integer().primaryKey(),
    id: text().notNull().unique(),
    name: text().notNull(),
    host: text().notNull(),
    pid: integer().notNull(),
    presence: integer().notNull(),
    registeredAt: integer('registered_at').notNull(),
  },
  (t) => [index('runner_known').on(t.registeredAt).where(sql`presence > 0`)],
);

export const queue = sqliteTable('queue', {
  key: integer().primaryKey(),
  name: text().notNull().unique(),
  /** Null for no limit. */
  concurrency: integer(),
  running: integer().notNull().default(0),
  paused: integer().notNull().default(0),
  retries: integer().notNull(),
  timeoutMs: integer('timeout_ms'),
});

/** A queue and an executor: what a runner can run or cannot is decided by lane. */
export const lane = sqliteTable(
  'lane',
  {
    key: integer().primaryKey(),
    queueKey: integer('queue_key').notNull(),
    executor: text().notNull(),
  },
  (t) => [uniqueIndex('lane_of').on(t.queueKey, t.executor)],
);

export const flow = sqliteTable(
  'flow',
  {
    key: integer().primaryKey(),
    id: text().notNull().unique(),
    owner: text().notNull(),
    queueKey: integer('queue_key').notNull(),
    state: integer().notNull(),
    rev: integer().notNull(),
    taskCount: integer('task_count').notNull(),
    blocked: integer().notNull(),
    delayed: integer().notNull(),
    ready: integer().notNull(),
    running: integer().notNull(),
    waiting: integer().notNull(),
    succeeded: integer().notNull(),
    failed: integer().notNull(),
    cancelled: integer().notNull(),
    skipped: integer().notNull(),
    fatalCount: integer('fatal_count').notNull(),
    inputCount: integer('input_count').notNull().default(0),
    failFast: integer('fail_fast').notNull(),
    createdAt: integer('created_at').notNull(),
    ttlMs: integer('ttl_ms'),
    endedAt: integer('ended_at'),
    idempotencyKey: text('idempotency_key'),
    specHash: text('spec_hash'),
  },
  (t) => [
    index('flow_of_owner').on(t.owner, t.createdAt, t.id),
    index('flow_of_state').on(t.owner, t.state, t.createdAt, t.id),
    index('flow_of_queue').on(t.owner, t.queueKey, t.createdAt, t.id),
    uniqueIndex('flow_of_idempotency_key')
      .on(t.owner, t.idempotencyKey)
      .where(sql`idempotency_key is not null`),
    // Tells of every flow that has ended whether it may be forgotten, without its row.
    index('flow_ended').on(t.endedAt, t.createdAt, t.ttlMs).where(sql`ended_at is not null`),
  ],
);

/** Flows that nobody can see any more, whose tasks are still to be deleted. */
export const prunedFlow = sqliteTable('pruned_flow', {
  key: integer().primaryKey(),
  id: text().notNull(),
});

export const flowTask = sqliteTable(
  'flow_task',
  {
    key: integer().primaryKey(),
    flowKey: integer('flow_key').notNull(),
    id: text().notNull(),
    laneKey: integer('lane_key').notNull(),
    state: integer().notNull(),
    priority: integer().notNull(),
    open: integer().notNull(),
    failed: integer().notNull(),
    skipped: integer().notNull(),
    /** How many of `open` are holds. */
    holds: integer().notNull(),
    rule: integer().notNull(),
    allowFailure: integer('allow_failure').notNull(),
    attempt: integer().notNull(),
    fence: integer().notNull(),
    /** Who runs, or ran, its last attempt. */
    runnerKey: integer('runner_key'),
    /** How and when its last attempt ended; null while it takes a slot of its runner. */
    attemptEnd: integer('attempt_end'),
    attemptEndedAt: integer('attempt_ended_at'),
    rev: integer().notNull(),
    /** When a delayed task, or a waiting one that has a deadline, is ready again; null for every other. */
    availableAt: integer('available_at'),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    cause: integer(),
    failure: text(),
    /** What its running attempt said last, JSON. */
    progress: text(),
    /** The indexes of its dependents, a JSON array; null when it has none. */
    dependents: text(),
    /** Its output, JSON, if that is short; a long one has a row of its own. */
    output: text(),
  },
  (t) => [
    uniqueIndex('flow_task_id').on(t.flowKey, t.id),
    index('flow_task_ready').on(t.laneKey, t.priority).where(sql`state = 2`),
    index('flow_task_due').on(t.availableAt).where(sql`available_at is not null`),
    index('flow_task_held')
      .on(t.runnerKey, t.state)
      .where(sql`runner_key is not null and attempt_end is null`),
  ],
);

/** What a task says; read when it is claimed. */
export const flowTaskSpec = sqliteTable('flow_task_spec', {
  taskKey: integer('task_key').primaryKey(),
  config: text().notNull(),
  input: text().notNull(),
  /** A JSON array of task ids; null for none. */
  needs: text(),
  retries: integer().notNull(),
  backoffMs: integer('backoff_ms').notNull(),
  maxBackoffMs: integer('max_backoff_ms').notNull(),
  timeoutMs: integer('timeout_ms'),
});

/** Every attempt of a task but its last, which stands in `flow_task`. */
export const attempt = sqliteTable(
  'attempt',
  {
    taskKey: integer('task_key').notNull(),
    fence: integer().notNull(),
    runnerKey: integer('runner_key').notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at').notNull(),
    end: integer('attempt_end').notNull(),
    failure: text(),
  },
  (t) => [primaryKey({ columns: [t.taskKey, t.fence] })],
);

/** What tasks have asked for: `number` counts in the order of asking, over the task's whole life. */
export const input = sqliteTable(
  'input',
  {
    taskKey: integer('task_key').notNull(),
    number: integer().notNull(),
    key: text().notNull(),
    request: text().notNull(),
    /** JSON; null while nobody has answered. */
    answer: text(),
    /** 1 while it may be answered, as long as its task waits. */
    isOpen: integer('is_open').notNull(),
  },
  (t) => [primaryKey({ columns: [t.taskKey, t.number] })],
);

/** What attempts have saved for those after them. */
export const saved = sqliteTable('saved', {
  taskKey: integer('task_key').primaryKey(),
  json: text().notNull(),
});

/** Outputs that are too long for the rows of their tasks. */
export const output = sqliteTable('output', {
  taskKey: integer('task_key').primaryKey(),
  json: text().notNull(),
});

/** A task of the Model Context Protocol, whole as JSON, and beside it what is looked for. */
export const task = sqliteTable(
  'task',
  {
    key: integer().primaryKey(),
    owner: text().notNull(),
    id: text().notNull(),
    status: integer().notNull(),
    version: integer().notNull(),
    createdAt: integer('created_at').notNull(),
    /** From when on it may be removed; null while it lives, and for one that is kept for ever. */
    expiresAt: integer('expires_at'),
    json: text().notNull(),
  },
  (t) => [
    uniqueIndex('task_id').on(t.owner, t.id),
    index('task_of_owner').on(t.owner, t.createdAt, t.id),
    index('task_of_status').on(t.owner, t.status, t.createdAt, t.id),
    index('task_of_all').on(t.status, t.createdAt, t.id),
    index('task_expiring').on(t.expiresAt).where(sql`expires_at is not null`),
  ],
);
