import {
  type AttemptRef,
  type ChangedFlow,
  type Claim,
  type ClaimedAttempt,
  type EpochMs,
  type FlowId,
  type FlowTaskId,
  type JsonObject,
  type JsonValue,
  type Owner,
  type QueueName,
  type Resume,
  type Settlement,
  TaskedError,
  type Tick,
  type TickResult,
} from '@tasked/core';
import { END } from '../encoding/codes.ts';
import { type EncodedSettlement, encodeSettlement } from '../encoding/encoded-settlement.ts';
import { resumeOf } from '../encoding/resume.ts';
import type { Database } from './database.ts';
import { UnansweredClaims } from './unanswered-claims.ts';

/** What kind of row `advance` returns; the comment at the function says which column means what. */
const ROW = { claimed: 0, rejected: 1, stop: 2, changed: 3, summary: 4, lost: 9 } as const;

interface Row {
  readonly kind: number;
  readonly flow_id: FlowId;
  readonly task_id: FlowTaskId;
  readonly fence_no: number;
  readonly attempt_no: number;
  readonly owner: Owner;
  readonly queue_name: QueueName;
  readonly executor: string;
  readonly config: string;
  readonly input: string;
  readonly needs: string | null;
  readonly retries: number;
  readonly backoff_ms: number;
  readonly max_backoff_ms: number;
  readonly timeout_ms: number | null;
  readonly lane_no: number;
  readonly flow_no: number;
  readonly resume: string | null;
}

/** What a tick did, and whether it committed anything. */
export interface Advanced {
  readonly result: TickResult;
  readonly wrote: boolean;
}

/**
 * `WorkStore.advance`: one call of the function of that name. Whose turn it was last is remembered here alone,
 * since fairness needs no commit.
 */
export class Advancing {
  readonly #db: Database;
  #lastLane = 0;
  /** By lane: the flow that was served last. */
  readonly #lastFlows = new Map<number, number>();
  #ticks = 0;
  readonly #unanswered: UnansweredClaims;

  constructor(db: Database) {
    this.#db = db;
    this.#unanswered = new UnansweredClaims(db);
  }

  async advance(tick: Tick): Promise<Advanced> {
    const settle = tick.settle.map(encodeSettlement);
    await this.#giveBack(tick);
    return this.#advance(tick, settle);
  }

  async #advance(tick: Tick, settle: readonly EncodedSettlement[]): Promise<Advanced> {
    const number = ++this.#ticks;
    const { runnerId, now, claim } = tick;
    try {
      const rows = await this.#db.query<Row>(
        'select * from @advance($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
        [
          runnerId,
          now,
          settle.length === 0 ? null : JSON.stringify(settle.map(toRow)),
          claim?.limit ?? null,
          JSON.stringify(claim?.executors ?? []),
          claim?.queues === undefined ? null : JSON.stringify(claim.queues),
          this.#lastLane,
          JSON.stringify(this.#lastFlowsOf(claim)),
          number,
          asksOf(settle),
        ],
      );
      return this.#read(rows, tick);
    } catch (error) {
      this.#remember(tick, number, error);
      throw error;
    }
  }

  #lastFlowsOf(claim: Claim | null): Readonly<Record<number, number>> {
    return claim === null ? {} : Object.fromEntries(this.#lastFlows);
  }

  /** The tick may have been committed all the same. */
  #remember({ runnerId, claim }: Tick, number: number, error: unknown): void {
    if (claim === null || !(error instanceof TaskedError) || error.code !== 'unavailable') return;
    this.#unanswered.remember(runnerId, number);
  }

  /** Gives back what was claimed by ticks whose answer never came. */
  async #giveBack({ runnerId, now }: Tick): Promise<void> {
    const stranded = await this.#unanswered.stranded(runnerId);
    if (stranded.length === 0) return;
    const settle = stranded.map((attempt) =>
      encodeSettlement({ attempt, kind: 'released', spent: false }),
    );
    await this.#advance({ runnerId, now, settle: [], claim: null }, settle);
  }

  #read(rows: readonly Row[], tick: Tick): Advanced {
    const claimed: ClaimedAttempt[] = [];
    const rejected: AttemptRef[] = [];
    const stop: AttemptRef[] = [];
    const changed: ChangedFlow[] = [];
    let [wrote, more] = [false, false];
    let lookAgainAt: EpochMs | null = null;
    for (const row of rows) {
      switch (row.kind) {
        case ROW.claimed:
          this.#lastLane = row.lane_no;
          this.#lastFlows.set(row.lane_no, row.flow_no);
          claimed.push(attemptOf(row));
          break;
        case ROW.rejected:
          rejected.push(tick.settle[row.fence_no]?.attempt as AttemptRef);
          break;
        case ROW.stop:
          stop.push({ flowId: row.flow_id, taskId: row.task_id, fence: row.fence_no });
          break;
        case ROW.changed:
          changed.push({ flowId: row.flow_id, rev: row.fence_no, ended: row.attempt_no === 1 });
          break;
        case ROW.summary:
          wrote = row.fence_no === 1;
          more = row.attempt_no === 1;
          lookAgainAt = row.retries;
          break;
        default:
          return { result: { runner: 'lost' }, wrote: false };
      }
    }
    const result = { runner: 'ok', claimed, rejected, stop, changed, more, lookAgainAt } as const;
    return { result, wrote };
  }
}

function toRow({ settlement, output, failure }: EncodedSettlement, n: number): object {
  const { attempt, kind } = settlement;
  return {
    n,
    f: attempt.flowId,
    t: attempt.taskId,
    e: attempt.fence,
    k: END[kind],
    o: output,
    x: failure,
    a: availableAt(settlement),
    u: isFree(settlement),
  };
}

function availableAt(settlement: Settlement): EpochMs | null {
  if (settlement.kind === 'waiting') return settlement.deadlineAt;
  return 'availableAt' in settlement ? settlement.availableAt : null;
}

/** True when the attempt is given back to the budget. */
function isFree(settlement: Settlement): boolean {
  const { kind } = settlement;
  return kind === 'released' ? !settlement.spent : kind === 'snooze' || kind === 'waiting';
}

/** What tasks that wait ask for; null when none waits. */
function asksOf(settle: readonly EncodedSettlement[]): string | null {
  const asks = settle.flatMap(({ settlement: { attempt }, requests }, n) =>
    requests === null ? [] : [{ n, f: attempt.flowId, t: attempt.taskId, k: requests }],
  );
  return asks.length === 0 ? null : JSON.stringify(asks);
}

function attemptOf(row: Row): ClaimedAttempt {
  return {
    ref: { flowId: row.flow_id, taskId: row.task_id, fence: row.fence_no },
    attempt: row.attempt_no,
    owner: row.owner,
    queue: row.queue_name,
    executor: row.executor,
    config: JSON.parse(row.config) as JsonObject,
    input: JSON.parse(row.input) as JsonValue,
    needs: row.needs === null ? [] : (JSON.parse(row.needs) as FlowTaskId[]),
    retry: {
      retries: row.retries,
      backoffMs: row.backoff_ms,
      maxBackoffMs: row.max_backoff_ms,
    },
    timeoutMs: row.timeout_ms,
    resume: row.resume === null ? null : readResume(row.resume),
  };
}

/** Reads what the function `resume_of` says. */
function readResume(json: string): Resume | null {
  const { asked, saved } = JSON.parse(json) as {
    readonly asked: readonly (readonly [key: string, answer: string | null])[] | null;
    readonly saved: string | null;
  };
  return resumeOf(
    (asked ?? []).map(([key, answer]) => ({ key, answer })),
    saved,
  );
}
