import {
  type EpochMs,
  type FlowTaskId,
  type JsonObject,
  type TakenAttempt,
  type TakeOver,
  TaskedError,
} from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { END, TASK } from './codes.ts';
import { flowKeyOf } from './flow-task-key.ts';
import type { Lanes } from './lanes.ts';
import type { Runners } from './runners.ts';
import type { Ledger } from './tick/ledger.ts';

interface LeftTask {
  readonly key: number;
  readonly id: FlowTaskId;
  readonly laneKey: number;
  readonly state: number;
  readonly attempt: number;
  readonly fence: number;
  readonly startedAt: EpochMs;
  readonly config: string;
  readonly retries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/** Moves attempts from dead runners to living ones. */
export class TakingOver {
  readonly #runners: Runners;
  readonly #lanes: Lanes;
  readonly #left: Statement<[number, number], LeftTask>;
  readonly #move: Statement<[number, number, EpochMs, number, number]>;
  readonly #insertLost: Statement<[number, number, number, EpochMs, EpochMs]>;

  constructor(db: Database, runners: Runners, lanes: Lanes) {
    this.#runners = runners;
    this.#lanes = lanes;
    this.#left = db.prepare(
      `select t.key, t.id, t.lane_key as laneKey, t.state, t.attempt, t.fence,
         t.started_at as startedAt, s.config, s.retries, s.backoff_ms as backoffMs,
         s.max_backoff_ms as maxBackoffMs
       from flow_task t indexed by flow_task_held
         cross join flow_task_spec s on s.task_key = t.key
       where t.runner_key = ? limit ?`,
    );
    this.#move = db.prepare(
      'update flow_task set fence = ?, runner_key = ?, started_at = ?, rev = ? where key = ?',
    );
    this.#insertLost = db.prepare(
      `insert into attempt (task_key, fence, runner_key, started_at, ended_at, ended_as)
       values (?, ?, ?, ?, ?, ${END.lost})`,
    );
  }

  /** `WorkStore.takeOver`; MUST run inside a write transaction. */
  takeOver({ dead, by, limit, now }: TakeOver, ledger: Ledger): readonly TakenAttempt[] {
    const byKey = this.#runners.keyOf(by);
    if (byKey === null) {
      throw new TaskedError('not_found', `runner ${by} is not registered: register it anew`);
    }
    const deadKey = this.#runners.knownKeyOf(dead);
    if (deadKey === null || deadKey === byKey) return [];
    const left = this.#left.all(deadKey, limit);
    const taken = left.map((task) => {
      this.#insertLost.run(task.key, task.fence, deadKey, task.startedAt, now);
      const flow = ledger.flow(flowKeyOf(task.key));
      this.#move.run(task.fence + 1, byKey, now, flow.rev, task.key);
      flow.changed = true;
      return this.#takenOf(task, flow.id);
    });
    this.#runners.forgetIdle(dead);
    return taken;
  }

  #takenOf(task: LeftTask, flowId: string): TakenAttempt {
    const { id, fence, attempt, retries, backoffMs, maxBackoffMs } = task;
    return {
      ref: { flowId, taskId: id, fence: fence + 1 },
      lostFence: fence,
      attempt,
      executor: this.#lanes.get(task.laneKey).executor,
      config: JSON.parse(task.config) as JsonObject,
      retry: { retries, backoffMs, maxBackoffMs },
      cancelled: task.state === TASK.cancelled,
    };
  }
}
