import type { EpochMs, FlowId, PrunedFlows, PruneFlows } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../encoding/codes.ts';
import { endOfFlow, flowTaskKey, MAX_FLOW_TASKS } from '../encoding/flow-task-key.ts';

/** How much JSON goes at once: SQLite walks through every page of a long text to free it. */
const MAX_BYTES = 4 * 1024 * 1024;

interface GoneFlow {
  readonly key: number;
  readonly id: FlowId;
}

interface SizedTask {
  readonly key: number;
  readonly bytes: number;
}

type Range = [first: number, end: number];

/**
 * Forgets flows: takes their rows away, and with them all that leads to their tasks, and deletes the tasks
 * in steps of a few milliseconds. Until then `pruned_flow` says where they are.
 */
export class Pruning {
  readonly #gone: Statement<[number], GoneFlow>;
  readonly #over: Statement<[EpochMs, EpochMs, number], GoneFlow>;
  readonly #hide: Statement<[number]>;
  readonly #remember: Statement<[number, FlowId]>;
  readonly #forget: Statement<[number]>;
  readonly #deleteAttempts: Statement<[...Range, number]>;
  readonly #tasks: Statement<[...Range, number], SizedTask>;
  readonly #deleteTasks: readonly Statement<Range>[];

  constructor(db: Database) {
    const held = `select key / ${MAX_FLOW_TASKS} from flow_task indexed by flow_task_held
      where runner_key is not null and attempt_end is null and state = ${TASK.cancelled}`;
    this.#gone = db.prepare('select key, id from pruned_flow order by key limit +?');
    this.#over = db.prepare(
      `select key, id from flow indexed by flow_ended
       where ended_at is not null and ended_at <= +? and created_at + coalesce(ttl_ms, 0) <= +?
         and (cancelled = 0 or key not in (${held}))
       order by ended_at limit +?`,
    );
    this.#hide = db.prepare('delete from flow where key = ?');
    this.#remember = db.prepare('insert into pruned_flow (key, id) values (?, ?)');
    this.#forget = db.prepare('delete from pruned_flow where key = ?');
    this.#deleteAttempts = db.prepare(
      `delete from attempt where (task_key, fence) in (
         select task_key, fence from attempt where task_key >= +? and task_key < +?
         order by task_key, fence limit +?)`,
    );
    this.#tasks = db.prepare(
      `select t.key, octet_length(s.config) + octet_length(s.input)
         + coalesce(octet_length(o.json), 0)
         + coalesce((select octet_length(json) from saved where task_key = t.key), 0)
         + coalesce((select sum(octet_length(request) + coalesce(octet_length(answer), 0))
             from input where task_key = t.key), 0) as bytes
       from flow_task t cross join flow_task_spec s on s.task_key = t.key
         left join output o on o.task_key = t.key
       where t.key >= +? and t.key < +? order by t.key limit +?`,
    );
    this.#deleteTasks = [
      db.prepare('delete from flow_task where key >= ? and key <= ?'),
      db.prepare('delete from flow_task_spec where task_key >= ? and task_key <= ?'),
      db.prepare('delete from output where task_key >= ? and task_key <= ?'),
      db.prepare('delete from input where task_key >= ? and task_key <= ?'),
      db.prepare('delete from saved where task_key >= ? and task_key <= ?'),
    ];
  }

  /** `FlowStore.pruneFlows`; MUST run inside a write transaction. */
  prune({ now, retentionMs, limit }: PruneFlows): PrunedFlows {
    const flowIds: FlowId[] = [];
    let left = limit;
    for (const flow of this.#gone.all(limit)) {
      flowIds.push(flow.id);
      left = this.#clear(flow.key, left);
      if (left === 0) return { flowIds, more: true };
    }
    const over = this.#over.all(now - retentionMs, now, left);
    for (const { key, id } of over) {
      this.#hide.run(key);
      this.#remember.run(key, id);
      flowIds.push(id);
    }
    return { flowIds, more: over.length > 0 };
  }

  /** Deletes what is left of a flow; returns how many rows may still go, 0 when not all of it went. */
  #clear(flowKey: number, limit: number): number {
    const [first, end] = [flowTaskKey(flowKey, 0), endOfFlow(flowKey)];
    const left = limit - this.#deleteAttempts.run(first, end, limit).changes;
    if (left === 0) return 0;
    const tasks = this.#tasks.all(first, end, left);
    const going = tasks.slice(0, howManyFit(tasks));
    const last = going.at(-1)?.key ?? first;
    for (const statement of this.#deleteTasks) statement.run(first, last);
    if (going.length < tasks.length || tasks.length === left) return 0;
    this.#forget.run(flowKey);
    return left - tasks.length;
  }
}

/** At least one, however large it is. */
function howManyFit(tasks: readonly SizedTask[]): number {
  let bytes = 0;
  const tooMany = tasks.findIndex((task, index) => {
    bytes += task.bytes;
    return bytes > MAX_BYTES && index > 0;
  });
  return tooMany === -1 ? tasks.length : tooMany;
}
