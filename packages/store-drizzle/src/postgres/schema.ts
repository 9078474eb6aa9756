import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

/*
 * The tables of a schema, for drizzle-kit, which turns changes into migrations. Nothing imports this at run
 * time. No table names its schema: migrations run with it as their search path.
 *
 * Built as the tables of the SQLite store (its schema.ts says why), with one difference: JavaScript's numbers
 * that come from outside (times, limits) are `double precision`, so that they come back as they were.
 */

const key = () => bigint({ mode: 'number' });

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** One row: how many migrations this schema has seen. */
export const schemaVersion = pgTable('schema_version', {
  version: integer().notNull(),
});

export const runner = pgTable(
  'runner',
  {
    key: integer().primaryKey().generatedAlwaysAsIdentity(),
    id: text().notNull().unique(),
    name: text().notNull(),
    host: text().notNull(),
    pid: doublePrecision().notNull(),
    /** Which process it is part of, as the machine knows it. */
    process: text().notNull(),
    presence: smallint().notNull(),
    registeredAt: doublePrecision('registered_at').notNull(),
    /** When the server started on which it took its lock, which tells nothing on another; or why it has none. */
    serverStart: doublePrecision('server_start').notNull(),
    /** Rises while the runner lives. */
    beat: bigint({ mode: 'number' }).notNull().default(0),
  },
  (t) => [index('runner_known').on(t.registeredAt).where(sql`presence > 0`)],
);

export const queue = pgTable('queue', {
  key: integer().primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull().unique(),
  /** Null for no limit. */
  concurrency: doublePrecision(),
  /** Kept only for a queue with a limit: the others take no lock and are counted when somebody asks. */
  running: integer().notNull().default(0),
  paused: boolean().notNull().default(false),
  retries: doublePrecision().notNull(),
  timeoutMs: doublePrecision('timeout_ms'),
});

export const lane = pgTable(
  'lane',
  {
    key: integer().primaryKey().generatedAlwaysAsIdentity(),
    queueKey: integer('queue_key').notNull(),
    executor: text().notNull(),
  },
  (t) => [uniqueIndex('lane_of').on(t.queueKey, t.executor)],
);

export const flow = pgTable(
  'flow',
  {
    key: key().primaryKey().generatedAlwaysAsIdentity(),
    id: text().notNull().unique(),
    owner: text().notNull(),
    queueKey: integer('queue_key').notNull(),
    state: smallint().notNull(),
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
    failFast: boolean('fail_fast').notNull(),
    createdAt: doublePrecision('created_at').notNull(),
    ttlMs: doublePrecision('ttl_ms'),
    endedAt: doublePrecision('ended_at'),
    idempotencyKey: text('idempotency_key'),
    specHash: text('spec_hash'),
  },
  (t) => [
    index('flow_of_owner').on(t.owner, t.createdAt, sql`id collate "C"`),
    index('flow_of_state').on(t.owner, t.state, t.createdAt, sql`id collate "C"`),
    index('flow_of_queue').on(t.owner, t.queueKey, t.createdAt, sql`id collate "C"`),
    uniqueIndex('flow_of_idempotency_key')
      .on(t.owner, t.idempotencyKey)
      .where(sql`idempotency_key is not null`),
    index('flow_ended').on(t.endedAt).where(sql`ended_at is not null`),
  ],
);

/** Flows that nobody can see any more, whose tasks are still to be deleted. */
export const prunedFlow = pgTable('pruned_flow', {
  key: key().primaryKey(),
  id: text().notNull(),
});

export const flowTask = pgTable(
  'flow_task',
  {
    key: key().primaryKey(),
    flowKey: bigint('flow_key', { mode: 'number' }).notNull(),
    id: text().notNull(),
    laneKey: integer('lane_key').notNull(),
    state: smallint().notNull(),
    priority: doublePrecision().notNull(),
    open: integer().notNull(),
    failed: integer().notNull(),
    skipped: integer().notNull(),
    /** How many of `open` are holds. */
    holds: integer().notNull(),
    rule: smallint().notNull(),
    allowFailure: boolean('allow_failure').notNull(),
    attempt: integer().notNull(),
    fence: integer().notNull(),
    /** Who runs, or ran, its last attempt. */
    runnerKey: integer('runner_key'),
    /** Which tick of its runner claimed it: how a claim is found whose answer was lost. */
    tick: integer(),
    /** How and when its last attempt ended; null while there was none, and while it is held. */
    attemptEnd: smallint('attempt_end'),
    attemptEndedAt: doublePrecision('attempt_ended_at'),
    rev: integer().notNull(),
    /** When a delayed task, or a waiting one that has a deadline, is ready again; null for every other. */
    availableAt: doublePrecision('available_at'),
    startedAt: doublePrecision('started_at'),
    endedAt: doublePrecision('ended_at'),
    cause: smallint(),
    failure: text(),
    /** What its running attempt said last, JSON. */
    progress: text(),
    /** Its output, if that is short, JSON. */
    output: text(),
    /** The indexes of its dependents; null when it has none. */
    dependents: integer().array(),
  },
  (t) => [uniqueIndex('flow_task_id').on(t.flowKey, t.id)],
);

/**
 * The tasks that are ready, in the order in which they are claimed. A list of its own, as long as there is work: an index
 * of `flow_task` on what changes would be written with every version of a row, and all other indexes with it.
 */
export const readyTask = pgTable(
  'ready_task',
  {
    laneKey: integer('lane_key').notNull(),
    priority: doublePrecision().notNull(),
    taskKey: bigint('task_key', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.laneKey, t.priority, t.taskKey] })],
);

/**
 * What runners were given to hold, a row for what came at once: who takes over looks here. `flow_task` tells what of it
 * is still true.
 */
export const held = pgTable(
  'held',
  {
    key: key().generatedAlwaysAsIdentity(),
    runnerKey: integer('runner_key').notNull(),
    taskKeys: bigint('task_keys', { mode: 'number' }).array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runnerKey, t.key] })],
);

/** Tasks that were cancelled while a runner held them, until it has settled them. */
export const stopRequest = pgTable(
  'stop_request',
  {
    runnerKey: integer('runner_key').notNull(),
    taskKey: bigint('task_key', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.runnerKey, t.taskKey] })],
);

/** The tasks that wait for a time, in the order of their times. */
export const dueTask = pgTable(
  'due_task',
  {
    availableAt: doublePrecision('available_at').notNull(),
    taskKey: bigint('task_key', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.availableAt, t.taskKey] })],
);

/** What a task says; read when it is claimed. JSON is text, because it is to come back as it was. */
export const flowTaskSpec = pgTable('flow_task_spec', {
  taskKey: bigint('task_key', { mode: 'number' }).primaryKey(),
  config: text().notNull(),
  input: text().notNull(),
  /** A JSON array of task ids; null for none. */
  needs: text(),
  retries: doublePrecision().notNull(),
  backoffMs: doublePrecision('backoff_ms').notNull(),
  maxBackoffMs: doublePrecision('max_backoff_ms').notNull(),
  timeoutMs: doublePrecision('timeout_ms'),
});

/** The attempts of a task after which it was to have a further one. Its last also stands in `flow_task`. */
export const attempt = pgTable(
  'attempt',
  {
    taskKey: bigint('task_key', { mode: 'number' }).notNull(),
    fence: integer().notNull(),
    runnerKey: integer('runner_key').notNull(),
    startedAt: doublePrecision('started_at').notNull(),
    endedAt: doublePrecision('ended_at').notNull(),
    end: smallint('attempt_end').notNull(),
    failure: text(),
  },
  (t) => [primaryKey({ columns: [t.taskKey, t.fence] })],
);

/** What tasks have asked for: `number` counts in the order of asking, over the task's whole life. */
export const input = pgTable(
  'input',
  {
    taskKey: bigint('task_key', { mode: 'number' }).notNull(),
    number: integer().notNull(),
    key: text().notNull(),
    request: text().notNull(),
    /** JSON; null while nobody has answered. */
    answer: text(),
    /** Whether it may be answered, as long as its task waits. */
    isOpen: boolean('is_open').notNull(),
  },
  (t) => [primaryKey({ columns: [t.taskKey, t.number] })],
);

/** What attempts have saved for those after them. */
export const saved = pgTable('saved', {
  taskKey: bigint('task_key', { mode: 'number' }).primaryKey(),
  json: text().notNull(),
});

/** The outputs that are too long for `flow_task`. */
export const output = pgTable('output', {
  taskKey: bigint('task_key', { mode: 'number' }).primaryKey(),
  json: text().notNull(),
});

/** One stream of one attempt's log. */
export const log = pgTable(
  'log',
  {
    key: key().primaryKey().generatedAlwaysAsIdentity(),
    flowId: text('flow_id').notNull(),
    taskId: text('task_id').notNull(),
    fence: integer().notNull(),
    stream: smallint().notNull(),
    /** Bytes of all its chunks. */
    size: bigint({ mode: 'number' }).notNull(),
    /** Which batch was appended last: one whose answer was lost is sent again. */
    batch: text().notNull(),
  },
  (t) => [uniqueIndex('log_of').on(t.flowId, t.taskId, t.fence, t.stream)],
);

/** What was appended to a log at once. */
export const logChunk = pgTable(
  'log_chunk',
  {
    logKey: bigint('log_key', { mode: 'number' }).notNull(),
    /** Where it begins, in bytes. */
    at: bigint({ mode: 'number' }).notNull(),
    bytes: bytea().notNull(),
  },
  (t) => [primaryKey({ columns: [t.logKey, t.at] })],
);

/** A task of the Model Context Protocol, whole as JSON, and beside it what is looked for. */
export const task = pgTable(
  'task',
  {
    owner: text().notNull(),
    id: text().notNull(),
    status: smallint().notNull(),
    version: integer().notNull(),
    createdAt: doublePrecision('created_at').notNull(),
    /** From when on it may be removed; null while it lives, and for one that is kept for ever. */
    expiresAt: doublePrecision('expires_at'),
    json: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.owner, t.id] }),
    index('task_of_owner').on(t.owner, t.createdAt, sql`id collate "C"`),
    index('task_of_status').on(t.owner, t.status, t.createdAt, sql`id collate "C"`),
    index('task_of_all').on(t.status, t.createdAt, sql`id collate "C"`),
    index('task_expiring').on(t.expiresAt).where(sql`expires_at is not null`),
  ],
);
