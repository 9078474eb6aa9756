import {
  type AttemptRef,
  type ClaimedAttempt,
  type EpochMs,
  type FlowId,
  type FlowTaskId,
  type JsonObject,
  type JsonValue,
  type Owner,
  type Resume,
  type Settlement,
  TaskedError,
  type Tick,
  type TickResult,
} from '@tasked/core';
import { END } from '../encoding/codes.ts';
import { type EncodedSettlement, encodeSettlement } from '../encoding/encoded-settlement.ts';
import { flowKeyOf } from '../encoding/flow-task-key.ts';
import { resumeOf } from '../encoding/resume.ts';
import type { Element } from './array-literal.ts';
import type { Database } from './database.ts';
import { type KnownTask, KnownTasks } from './known-tasks.ts';
import { type Lane, Lanes } from './lanes.ts';
import { UnansweredClaims } from './unanswered-claims.ts';

interface Row {
  /** Everything but what was claimed: the last row has it, and nothing else. */
  readonly rest: string | null;
  readonly flow_id: FlowId;
  readonly task_id: FlowTaskId;
  readonly fence: number;
  readonly attempt: number;
  readonly owner: Owner;
  readonly lane: number;
  readonly key: number;
  readonly config: string;
  readonly input: string;
  readonly needs: string | null;
  readonly retries: number;
  readonly backoff_ms: number;
  readonly max_backoff_ms: number;
  readonly timeout_ms: number | null;
  readonly resume: string | null;
}

interface Rest {
  /** Places of settlements, from 1. */
  readonly rejected: readonly number[];
  readonly stop: readonly (readonly [FlowId, FlowTaskId, fence: number])[] | null;
  readonly changed: readonly (readonly [FlowId, rev: number, ended: boolean])[] | null;
  readonly more: boolean;
  readonly due: EpochMs | null;
  readonly wrote: boolean;
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
  readonly #lanes: Lanes;
  readonly #tasks: KnownTasks;
  #lastLane = 0;
  /** By lane: the flow that was served last. */
  readonly #lastFlows = new Map<number, number>();
  #ticks = 0;
  readonly #unanswered: UnansweredClaims;

  constructor(db: Database) {
    this.#db = db;
    this.#lanes = new Lanes(db);
    this.#tasks = new KnownTasks(db);
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
    const tasks = await this.#tasks.of(settle.map(({ settlement }) => settlement.attempt));
    try {
      const rows = await this.#db.call<Row>('advance', [
        runnerId,
        now,
        number,
        ...columnsOf(settle, tasks),
        asksOf(settle),
        claim?.limit ?? null,
        claim?.executors ?? [],
        claim?.queues ?? null,
        this.#lastLane,
        [...this.#lastFlows.keys()],
        [...this.#lastFlows.values()],
      ]);
      return await this.#read(rows, tick);
    } catch (error) {
      this.#remember(tick, number, error);
      throw error;
    }
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

  async #read(rows: readonly Row[], { settle }: Tick): Promise<Advanced> {
    const rest = rows.at(-1)?.rest;
    if (rest === undefined || rest === null) return { result: { runner: 'lost' }, wrote: false };
    const { rejected, stop, changed, more, due, wrote } = JSON.parse(rest) as Rest;
    const claimed: ClaimedAttempt[] = [];
    for (const { attempt } of settle) this.#tasks.forget(attempt);
    for (const row of rows.slice(0, -1)) {
      const lane = await this.#lanes.get(row.lane);
      const attempt = attemptOf(row, lane);
      this.#tasks.remember(attempt.ref, { key: row.key, limitedQueue: lane.limitedQueue });
      claimed.push(attempt);
      this.#lastLane = row.lane;
      this.#lastFlows.set(row.lane, flowKeyOf(row.key));
    }
    const result = {
      runner: 'ok',
      claimed,
      rejected: rejected.map((place) => settle[place - 1]?.attempt as AttemptRef),
      stop: (stop ?? []).map(([flowId, taskId, fence]) => ({ flowId, taskId, fence })),
      changed: (changed ?? []).map(([flowId, rev, ended]) => ({ flowId, rev, ended })),
      more,
      lookAgainAt: due,
    } as const;
    return { result, wrote };
  }
}

/** Settlements as the function takes them: side by side. */
function columnsOf(
  settle: readonly EncodedSettlement[],
  tasks: readonly KnownTask[],
): readonly (readonly Element[])[] {
  const all = settle.map(({ settlement }) => settlement);
  return [
    [...new Set(tasks.map(({ key }) => flowKeyOf(key)))],
    tasks.map(({ key }) => key),
    all.map(({ attempt }) => attempt.fence),
    tasks.map(({ limitedQueue }) => limitedQueue),
    all.map(({ kind }) => END[kind]),
    settle.map(({ output }) => output),
    settle.map(({ failure }) => failure),
    all.map(availableAt),
    all.map(isFree),
  ];
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

/** What tasks that wait ask for, by the place of their settlement; null when none waits. */
function asksOf(settle: readonly EncodedSettlement[]): string | null {
  const asks = settle.flatMap(({ requests }, index) =>
    requests === null ? [] : [{ n: index + 1, k: requests }],
  );
  return asks.length === 0 ? null : JSON.stringify(asks);
}

function attemptOf(row: Row, { queue, executor }: Lane): ClaimedAttempt {
  return {
    ref: { flowId: row.flow_id, taskId: row.task_id, fence: row.fence },
    attempt: row.attempt,
    owner: row.owner,
    queue,
    executor,
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
