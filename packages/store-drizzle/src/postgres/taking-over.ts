import {
  type ChangedFlow,
  type FlowId,
  isTaskedError,
  type JsonObject,
  type RunnerId,
  type TakenAttempt,
  type TakeOver,
  TaskedError,
} from '@tasked/core';
import type { Database } from './database.ts';

interface Row {
  readonly kind: 'taken' | 'changed' | 'stranger';
  readonly flow_id: FlowId;
  readonly task_id: string;
  readonly lost_fence: number;
  readonly attempt_no: number;
  readonly executor: string;
  readonly config: string;
  readonly retries: number;
  readonly backoff_ms: number;
  readonly max_backoff_ms: number;
  readonly cancelled: boolean;
  readonly flow_rev: number;
  readonly flow_ended: boolean;
}

/** What moved, and which flows that changed. */
export interface TakenOver {
  readonly taken: readonly TakenAttempt[];
  readonly changed: readonly ChangedFlow[];
}

interface Parties {
  readonly dead: RunnerId;
  readonly by: RunnerId;
}

/** `WorkStore.takeOver`; what a call has moved whose answer was lost comes with a later one. */
export class TakingOver {
  readonly #db: Database;
  /** Calls whose answer was lost. */
  readonly #unanswered = new Map<string, Parties>();
  /** What was answered since there was something to take, as `textOf` says. */
  readonly #known = new Map<string, Set<string>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Dead runners whose attempts may have moved to this runner without its knowing: to be taken over again. */
  unanswered(by: RunnerId): readonly RunnerId[] {
    return [...this.#unanswered.values()].filter((one) => one.by === by).map(({ dead }) => dead);
  }

  async takeOver(take: TakeOver): Promise<TakenOver> {
    const key = `${take.dead} ${take.by}`;
    const known = this.#known.get(key) ?? new Set();
    try {
      const moved = await this.#take(take);
      const stranded = this.#unanswered.has(key) ? await this.#stranded(take) : [];
      const texts = new Set(moved.taken.map(textOf));
      const taken = [
        ...moved.taken,
        ...stranded.filter((one) => !known.has(textOf(one)) && !texts.has(textOf(one))),
      ];
      this.#unanswered.delete(key);
      if (taken.length === 0) this.#known.delete(key);
      else this.#known.set(key, new Set([...known, ...taken.map(textOf)]));
      return { taken, changed: moved.changed };
    } catch (error) {
      if (isTaskedError(error) && error.code === 'unavailable') {
        this.#unanswered.set(key, { dead: take.dead, by: take.by });
      }
      throw error;
    }
  }

  async #take({ dead, by, limit, now }: TakeOver): Promise<TakenOver> {
    const rows = await this.#db.query<Row>('select * from @take_over($1, $2, $3, $4)', [
      dead,
      by,
      limit,
      now,
    ]);
    if (rows[0]?.kind === 'stranger') {
      throw new TaskedError('not_found', `runner ${by} is not registered: register it anew`);
    }
    if (dead === by) {
      throw new TaskedError('invalid_input', `runner ${by} cannot take over from itself`);
    }
    return {
      taken: rows.filter(({ kind }) => kind === 'taken').map(takenOf),
      changed: rows
        .filter(({ kind }) => kind === 'changed')
        .map((row) => ({ flowId: row.flow_id, rev: row.flow_rev, ended: row.flow_ended })),
    };
  }

  /** All that the runner holds of what was the dead runner's. */
  async #stranded({ dead, by }: TakeOver): Promise<readonly TakenAttempt[]> {
    const rows = await this.#db.query<Row>(
      `select f.id as flow_id, t.id as task_id, a.fence as lost_fence, t.attempt as attempt_no, l.executor, s.config,
         s.retries, s.backoff_ms, s.max_backoff_ms, t.state = 7 as cancelled
       from @runner r cross join @held_by(r.key) as k join @flow_task t on t.key = k
         join @attempt a on a.task_key = t.key and a.fence = t.fence - 1
         join @runner d on d.key = a.runner_key join @flow f on f.key = t.flow_key
         join @flow_task_spec s on s.task_key = t.key join @lane l on l.key = t.lane_key
       where r.id = $1 and d.id = $2 and t.tick is null`,
      [by, dead],
    );
    return rows.map(takenOf);
  }
}

function textOf({ ref }: TakenAttempt): string {
  return `${ref.flowId} ${ref.taskId} ${ref.fence}`;
}

function takenOf(row: Row): TakenAttempt {
  return {
    ref: { flowId: row.flow_id, taskId: row.task_id, fence: row.lost_fence + 1 },
    lostFence: row.lost_fence,
    attempt: row.attempt_no,
    executor: row.executor,
    config: JSON.parse(row.config) as JsonObject,
    retry: {
      retries: row.retries,
      backoffMs: row.backoff_ms,
      maxBackoffMs: row.max_backoff_ms,
    },
    cancelled: row.cancelled,
  };
}
