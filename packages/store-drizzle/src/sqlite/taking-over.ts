import {
  type EpochMs,
  type FlowTaskId,
  type JsonObject,
  type TakenAttempt,
  type TakeOver,
  TaskedError,
} from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { END, TASK } from '../encoding/codes.ts';
import { flowKeyOf } from '../encoding/flow-task-key.ts';
import type { Attempts } from './attempts.ts';
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
  readonly config: string;
  readonly retries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/** Moves attempts from dead runners to living ones. */
export class TakingOver {
  readonly #runners: Runners;
  readonly #lanes: Lanes;
  readonly #attempts: Attempts;
  readonly #left: Statement<[number, number], LeftTask>;
  readonly #lose: Statement<[EpochMs, number]>;
  readonly #move: Statement<[number, number, number | null, number]>;

  constructor(
    db: Database,
    {
      runners,
      lanes,
      attempts,
    }: { readonly runners: Runners; readonly lanes: Lanes; readonly attempts: Attempts },
  ) {
    this.#runners = runners;
    this.#lanes = lanes;
    this.#attempts = attempts;
    this.#left = db.prepare(
      `select t.key, t.id, t.lane_key as laneKey, t.state, t.attempt, t.fence, s.config, s.retries,
         s.backoff_ms as backoffMs, s.max_backoff_ms as maxBackoffMs
       from flow_task t indexed by flow_task_held
         cross join flow_task_spec s on s.task_key = t.key
       where t.runner_key = +? and t.attempt_end is null limit +?`,
    );
    this.#lose = db.prepare(
      `update flow_task set attempt_end = ${END.lost}, attempt_ended_at = ? where key = ?`,
    );
    this.#move = db.prepare(
      `update flow_task set fence = ?, runner_key = ?, attempt_end = null, attempt_ended_at = null,
         progress = null,
         rev = ifnull(?, rev)
       where key = ?`,
    );
  }

  /** `WorkStore.takeOver`; MUST run inside a write transaction. */
  takeOver({ dead, by, limit, now }: TakeOver, ledger: Ledger): readonly TakenAttempt[] {
    const byKey = this.#runners.keyOf(by);
    if (byKey === null) {
      throw new TaskedError('not_found', `runner ${by} is not registered: register it anew`);
    }
    if (dead === by) {
      throw new TaskedError('invalid_input', `runner ${by} cannot take over from itself`);
    }
    const deadKey = this.#runners.knownKeyOf(dead);
    if (deadKey === null) return [];
    const left = this.#left.all(deadKey, limit);
    const taken = left.map((task) => {
      const flow = ledger.flow(flowKeyOf(task.key));
      const ended = task.state === TASK.cancelled;
      this.#lose.run(now, task.key);
      this.#attempts.archive(task.key);
      this.#move.run(task.fence + 1, byKey, ended ? null : flow.rev, task.key);
      flow.changed ||= !ended;
      return this.#takenOf(task, flow.id);
    });
    this.#runners.leave(dead);
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
