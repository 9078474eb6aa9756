import {
  type ClaimedAttempt,
  claimTurn,
  type EpochMs,
  type FlowId,
  type FlowTaskId,
  type JsonObject,
  type JsonValue,
  type Owner,
  type Resume,
  type RunnerId,
  type Settlement,
  TaskedError,
  type Tick,
  type TickResult,
} from '@tasked/core';
import { END } from '../encoding/codes.ts';
import { type EncodedSettlement, encodeSettlement } from '../encoding/encoded-settlement.ts';
import { flowKeyOf } from '../encoding/flow-task-key.ts';
import { resumeOf } from '../encoding/resume.ts';
import { unlessSilent } from './array-literal.ts';
import type { Database, Parameter } from './database.ts';
import { HeldRows } from './held-rows.ts';
import { type KnownTask, KnownTasks } from './known-tasks.ts';
import { type Lane, Lanes } from './lanes.ts';
import { UnansweredClaims } from './unanswered-claims.ts';

/**
 * Most characters of an output that is stored in the row of its task, where it costs next to nothing. The next version of
 * the row is to find room beside it.
 */
const MOST_WITH_TASK = 200;

interface Row {
  /** Everything but what was claimed: the last row has it, and nothing else. */
  readonly rest: string | null;
  readonly task_id: FlowTaskId;
  readonly fence: number;
  readonly attempt: number;
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
  readonly changed: readonly Changed[] | null;
  readonly more: boolean;
  readonly due: EpochMs | null;
  readonly wrote: boolean;
  /** The row that holds what was claimed. */
  readonly held: number | null;
  /** The keys of what was claimed; null when the rows are in order. */
  readonly order: readonly number[] | null;
}

/** A settlement and where its task stands. */
interface Ended extends EncodedSettlement {
  /** Its place in the tick. */
  readonly index: number;
  readonly task: KnownTask;
}

/** What belongs to a call. */
interface Asked {
  readonly runnerId: RunnerId;
  readonly ended: readonly Ended[];
  /** See {@link HeldRows}. */
  readonly reuse: number | null;
}

type Changed = readonly [key: number, FlowId, Owner, rev: number, ended: boolean];

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
  readonly #held = new HeldRows();
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
    const ended = await this.#byKey(runnerId, settle);
    const { reuse, empty } = this.#held.takeEmpty(runnerId);
    try {
      const rows = await this.#db.call<Row>('advance', [
        runnerId,
        now,
        number,
        ...columnsOf(ended),
        asksOf(ended),
        longOutputsOf(ended),
        claim?.limit ?? null,
        claimTurn(claim?.limit ?? 0),
        claim?.executors ?? [],
        claim?.queues ?? null,
        this.#lastLane,
        [...this.#lastFlows.keys()],
        [...this.#lastFlows.values()],
        reuse,
        empty,
      ]);
      return await this.#read(rows, { runnerId, ended, reuse });
    } catch (error) {
      this.#remember(tick, number, error);
      throw error;
    }
  }

  /** As the function takes them: by the keys of their tasks. */
  async #byKey(
    runnerId: RunnerId,
    settle: readonly EncodedSettlement[],
  ): Promise<readonly Ended[]> {
    const tasks = await this.#tasks.of(
      runnerId,
      settle.map(({ settlement }) => settlement.attempt),
    );
    return settle
      .map((encoded, index) => ({ ...encoded, index, task: tasks[index] as KnownTask }))
      .sort((a, b) => a.task.key - b.task.key);
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

  async #read(rows: readonly Row[], { runnerId, ended, reuse }: Asked): Promise<Advanced> {
    const rest = rows.at(-1)?.rest;
    if (rest === undefined || rest === null) return { result: { runner: 'lost' }, wrote: false };
    const { rejected, stop, changed, more, due, wrote, held, order } = JSON.parse(rest) as Rest;
    for (const [index, { settlement }] of ended.entries()) {
      const { kind, attempt } = settlement;
      // One that was to have been cancelled, and was not, is held as before.
      if (kind === 'stopped' && rejected.includes(index + 1)) continue;
      const row = this.#tasks.forget(runnerId, attempt)?.held ?? null;
      if (row !== null) this.#held.ended(row);
    }
    if (reuse !== null && held !== reuse) this.#held.putBack(runnerId, reuse);
    if (held !== null) this.#held.claimed(runnerId, held, rows.length - 1);
    const flows = new Map((changed ?? []).map((flow) => [flow[0], flow]));
    const claimed: ClaimedAttempt[] = [];
    for (const row of inOrder(rows.slice(0, -1), order)) {
      const lane = this.#lanes.known(row.lane) ?? (await this.#lanes.get(row.lane));
      const flow = flowKeyOf(row.key);
      const attempt = attemptOf(row, lane, flows.get(flow) as Changed);
      this.#tasks.remember(runnerId, attempt.ref, {
        key: row.key,
        limitedQueue: lane.limitedQueue,
        held,
      });
      claimed.push(attempt);
      this.#lastLane = row.lane;
      this.#lastFlows.set(row.lane, flow);
    }
    const result = {
      runner: 'ok',
      claimed,
      rejected: rejected
        .map((place) => ended[place - 1] as Ended)
        .sort((a, b) => a.index - b.index)
        .map(({ settlement }) => settlement.attempt),
      stop: (stop ?? []).map(([flowId, taskId, fence]) => ({ flowId, taskId, fence })),
      changed: (changed ?? []).map(([, flowId, , rev, ended]) => ({ flowId, rev, ended })),
      more,
      lookAgainAt: due,
    } as const;
    return { result, wrote };
  }
}

/** Settlements as the function takes them: side by side. An array of which no element says anything is empty. */
function columnsOf(ended: readonly Ended[]): readonly Parameter[] {
  const all = ended.map(({ settlement }) => settlement);
  const tasks = ended.map(({ task }) => task);
  return [
    [...new Set(tasks.map(({ key }) => flowKeyOf(key)))],
    tasks.map(({ key }) => key),
    all.map(({ attempt }) => attempt.fence),
    all.map(({ kind }) => END[kind]),
    unlessSilent(ended.map(({ output }) => (isLong(output) ? null : output))),
    unlessSilent(tasks.map(({ limitedQueue }) => limitedQueue)),
    unlessSilent(ended.map(({ failure }) => failure)),
    unlessSilent(all.map(availableAt)),
    unlessSilent(all.map((settlement) => isFree(settlement) || null)),
    new Set(tasks.map(({ key }) => key)).size === tasks.length,
  ];
}

/** Outputs that are not stored with their tasks, by the place of their settlement; null for none. */
function longOutputsOf(settle: readonly EncodedSettlement[]): string | null {
  const long = settle.flatMap(({ output }, index) =>
    isLong(output) ? [{ n: index + 1, o: output }] : [],
  );
  return long.length === 0 ? null : JSON.stringify(long);
}

function isLong(output: string | null): boolean {
  return output !== null && output.length > MOST_WITH_TASK;
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

/** The rows in the order of their keys in `order`. */
function inOrder(rows: readonly Row[], order: readonly number[] | null): readonly Row[] {
  if (order === null) return rows;
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return order.map((key) => byKey.get(key) as Row);
}

function attemptOf(row: Row, { queue, executor }: Lane, flow: Changed): ClaimedAttempt {
  const [, flowId, owner] = flow;
  return {
    ref: { flowId, taskId: row.task_id, fence: row.fence },
    attempt: row.attempt,
    owner,
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
