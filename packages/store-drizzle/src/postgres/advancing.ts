import {
  type AttemptRef,
  type ClaimedAttempt,
  claimTurn,
  type EpochMs,
  type FlowId,
  type FlowTaskId,
  type RunnerId,
  type Tick,
  type TickResult,
} from '@tasked/core';
import { type EncodedSettlement, encodeSettlement } from '../encoding/encoded-settlement.ts';
import { flowKeyOf } from '../encoding/flow-task-key.ts';
import { attemptOf, type Changed, inOrder, type Row } from './claimed-rows.ts';
import type { Claims } from './claims.ts';
import type { Database } from './database.ts';
import type { HeldRows } from './held-rows.ts';
import type { KnownTask, KnownTasks } from './known-tasks.ts';
import { Lanes } from './lanes.ts';
import { type Ended, settlementColumns } from './settlement-columns.ts';
import type { UnansweredClaims } from './unanswered-claims.ts';

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

/** What belongs to a call. */
interface Asked {
  readonly runnerId: RunnerId;
  readonly ended: readonly Ended[];
  /** See {@link HeldRows}. */
  readonly reuse: number | null;
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
  readonly #held: HeldRows;
  readonly #unanswered: UnansweredClaims;
  #lastLane = 0;
  /** By lane: the flow that was served last. */
  readonly #lastFlows = new Map<number, number>();

  constructor({ db, tasks, held, unanswered }: Claims) {
    this.#db = db;
    this.#lanes = new Lanes(db);
    this.#tasks = tasks;
    this.#held = held;
    this.#unanswered = unanswered;
  }

  async advance(tick: Tick): Promise<Advanced> {
    const settle = tick.settle.map(encodeSettlement);
    const { runnerId } = tick;
    await this.release(await this.#unanswered.stranded(runnerId), tick);
    return this.#advance(tick, settle);
  }

  /** Gives back what the runner holds and has not begun. */
  async release(
    attempts: readonly AttemptRef[],
    { runnerId, now }: Pick<Tick, 'runnerId' | 'now'>,
  ): Promise<void> {
    if (attempts.length === 0) return;
    const settle = attempts.map((attempt) =>
      encodeSettlement({ attempt, kind: 'released', spent: false }),
    );
    await this.#advance({ runnerId, now, settle: [], claim: null }, settle);
  }

  async #advance(tick: Tick, settle: readonly EncodedSettlement[]): Promise<Advanced> {
    const number = this.#unanswered.number();
    const { runnerId, now, claim } = tick;
    const ended = await this.#byKey(settle);
    const { reuse, empty } = this.#held.takeEmpty(runnerId);
    try {
      const rows = await this.#db.call<Row>('advance', [
        runnerId,
        now,
        number,
        ...settlementColumns(ended),
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
      if (claim !== null) this.#unanswered.failed(runnerId, number, error);
      throw error;
    }
  }

  /** As the function takes them: by the keys of their tasks. */
  async #byKey(settle: readonly EncodedSettlement[]): Promise<readonly Ended[]> {
    const tasks = await this.#tasks.of(settle.map(({ settlement }) => settlement.attempt));
    return settle
      .map((encoded, index) => ({ ...encoded, index, task: tasks[index] as KnownTask }))
      .sort((a, b) => a.task.key - b.task.key);
  }

  async #read(rows: readonly Row[], asked: Asked): Promise<Advanced> {
    const text = rows.at(-1)?.rest;
    if (text === undefined || text === null) return { result: { runner: 'lost' }, wrote: false };
    const rest = JSON.parse(text) as Rest;
    this.#forgetEnded(rest, asked);
    const result = {
      runner: 'ok',
      claimed: await this.#claimed(inOrder(rows.slice(0, -1), rest.order), rest, asked.runnerId),
      rejected: rest.rejected
        .map((place) => asked.ended[place - 1] as Ended)
        .sort((a, b) => a.index - b.index)
        .map(({ settlement }) => settlement.attempt),
      stop: (rest.stop ?? []).map(([flowId, taskId, fence]) => ({ flowId, taskId, fence })),
      changed: (rest.changed ?? []).map(([, flowId, , rev, ended]) => ({ flowId, rev, ended })),
      more: rest.more,
      lookAgainAt: rest.due,
    } as const;
    return { result, wrote: rest.wrote };
  }

  #forgetEnded({ rejected, held }: Rest, { runnerId, ended, reuse }: Asked): void {
    for (const [index, { settlement }] of ended.entries()) {
      const { kind, attempt } = settlement;
      // One that was to have been cancelled, and was not, is held as before.
      if (kind === 'stopped' && rejected.includes(index + 1)) continue;
      const row = this.#tasks.forget(attempt, runnerId)?.held;
      if (row !== undefined) this.#held.ended(row);
    }
    if (reuse !== null && held !== reuse) this.#held.putBack(runnerId, reuse);
  }

  async #claimed(
    rows: readonly Row[],
    { changed, held }: Rest,
    runnerId: RunnerId,
  ): Promise<readonly ClaimedAttempt[]> {
    if (held === null) return [];
    this.#held.claimed(runnerId, held, rows.length);
    const flows = new Map((changed ?? []).map((flow) => [flow[0], flow]));
    const claimed: ClaimedAttempt[] = [];
    for (const row of rows) {
      const lane = this.#lanes.known(row.lane) ?? (await this.#lanes.get(row.lane));
      const flow = flowKeyOf(row.key);
      const attempt = attemptOf(row, lane, flows.get(flow) as Changed);
      const { limitedQueue } = lane;
      this.#tasks.remember(attempt.ref, { key: row.key, limitedQueue, runnerId, held });
      claimed.push(attempt);
      this.#lastLane = row.lane;
      this.#lastFlows.set(row.lane, flow);
    }
    return claimed;
  }
}
