import {
  type CreateFlowResult,
  type EpochMs,
  type FlowId,
  type Idempotency,
  type NewFlow,
  type Owner,
  type QueueName,
  TaskedError,
} from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { FLOW, RULE, TASK } from '../encoding/codes.ts';
import type { EncodedTask } from '../encoding/encoded-task.ts';
import { flowTaskKey } from '../encoding/flow-task-key.ts';
import type { Lanes } from './lanes.ts';

interface UsedKey {
  readonly flowId: FlowId;
  readonly specHash: string;
  readonly createdAt: EpochMs;
  readonly state: number;
}

/** SQLite itself would give the last flow's key away again once that is pruned, and its tasks with it. */
const NEXT_KEY = `1 + max(
  coalesce((select max(key) from flow), 0), coalesce((select max(key) from pruned_flow), 0))`;

/** Writes new flows. */
export class Creating {
  readonly #lanes: Lanes;
  readonly #findQueue: Statement<[QueueName], number>;
  readonly #findById: Statement<[FlowId], number>;
  readonly #findByKey: Statement<[Owner, string], UsedKey>;
  readonly #freeKey: Statement<[FlowId]>;
  readonly #insertFlow: Statement<unknown[]>;
  readonly #insertTask: Statement<unknown[]>;
  readonly #insertSpec: Statement<unknown[]>;

  constructor(db: Database, lanes: Lanes) {
    this.#lanes = lanes;
    this.#findQueue = db
      .prepare<[QueueName], number>('select key from queue where name = ?')
      .pluck();
    this.#findById = db.prepare<[FlowId], number>('select key from flow where id = ?').pluck();
    this.#findByKey = db.prepare(
      `select id as flowId, spec_hash as specHash, created_at as createdAt, state from flow
       where owner = ? and idempotency_key = ?`,
    );
    this.#freeKey = db.prepare('update flow set idempotency_key = null where id = ?');
    this.#insertFlow = db.prepare(
      `insert into flow (key, id, owner, queue_key, state, rev, task_count, blocked, delayed, ready,
         running, waiting, succeeded, failed, cancelled, skipped, fatal_count, fail_fast, created_at,
         ttl_ms, ended_at, idempotency_key, spec_hash)
       values (${NEXT_KEY}, ?, ?, ?, ?, 1, ?, ?, 0, ?, 0, 0, 0, 0, 0, 0, 0, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertTask = db.prepare(
      `insert into flow_task (key, flow_key, id, lane_key, state, priority, open, failed, skipped,
         holds, rule, allow_failure, attempt, fence, rev, dependents)
       values (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, 0, 0, 1, ?)`,
    );
    this.#insertSpec = db.prepare(
      `insert into flow_task_spec (task_key, config, input, needs, retries, backoff_ms,
         max_backoff_ms, timeout_ms)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** `FlowStore.createFlow`; MUST run inside a write transaction. */
  create(flow: NewFlow, tasks: readonly EncodedTask[]): CreateFlowResult {
    const { owner, idempotency } = flow;
    const used = idempotency === null ? undefined : this.#findByKey.get(owner, idempotency.key);
    const taken = this.#taken(flow, used);
    if (taken !== null) return taken;
    const queueKey = this.#findQueue.get(flow.queue);
    if (queueKey === undefined) {
      throw new TaskedError('not_found', `there is no queue ${flow.queue}: create it first`);
    }
    if (used !== undefined) this.#freeKey.run(used.flowId);
    const flowKey = this.#insert(flow, queueKey);
    const laneKeys = new Map<string, number>();
    for (const [index, encoded] of tasks.entries()) {
      const { executor } = encoded.task;
      let laneKey = laneKeys.get(executor);
      if (laneKey === undefined) {
        laneKey = this.#lanes.ensure(queueKey, executor);
        laneKeys.set(executor, laneKey);
      }
      this.#insertEncoded(encoded, { flowKey, laneKey, key: flowTaskKey(flowKey, index) });
    }
    return { kind: 'created', flowId: flow.id };
  }

  /** The answer when another flow has the key or the id; null when none has. */
  #taken({ id, idempotency }: NewFlow, used: UsedKey | undefined): CreateFlowResult | null {
    if (idempotency !== null && used !== undefined && holdsKey(used, idempotency)) {
      const same = used.specHash === idempotency.specHash;
      return { kind: same ? 'existing' : 'conflict', flowId: used.flowId };
    }
    return this.#findById.get(id) === undefined ? null : { kind: 'conflict', flowId: id };
  }

  #insert(flow: NewFlow, queueKey: number): number {
    const { tasks, createdAt, idempotency } = flow;
    const ready = tasks.filter(({ dependsOn, holds }) => dependsOn.length + holds === 0).length;
    const inserted = this.#insertFlow.run(
      flow.id,
      flow.owner,
      queueKey,
      tasks.length === 0 ? FLOW.succeeded : FLOW.running,
      tasks.length,
      tasks.length - ready,
      ready,
      flow.failFast ? 1 : 0,
      createdAt,
      flow.ttlMs,
      tasks.length === 0 ? createdAt : null,
      idempotency?.key ?? null,
      idempotency?.specHash ?? null,
    );
    return Number(inserted.lastInsertRowid);
  }

  #insertEncoded(
    { task, config, input, needs, dependents }: EncodedTask,
    keys: { readonly flowKey: number; readonly laneKey: number; readonly key: number },
  ): void {
    const open = task.dependsOn.length + task.holds;
    this.#insertTask.run(
      keys.key,
      keys.flowKey,
      task.id,
      keys.laneKey,
      open === 0 ? TASK.ready : TASK.blocked,
      task.priority,
      open,
      task.holds,
      RULE[task.triggerRule],
      task.allowFailure ? 1 : 0,
      dependents,
    );
    const { retries, backoffMs, maxBackoffMs } = task.retry;
    this.#insertSpec.run(
      keys.key,
      config,
      input,
      needs,
      retries,
      backoffMs,
      maxBackoffMs,
      task.timeoutMs,
    );
  }
}

/** Whether a flow that has a key still holds it against another that wants it; see `Idempotency.heldSince`. */
function holdsKey({ createdAt, state }: UsedKey, { heldSince }: Idempotency): boolean {
  if (heldSince === undefined) return true;
  return createdAt >= heldSince && state !== FLOW.failed && state !== FLOW.cancelled;
}
