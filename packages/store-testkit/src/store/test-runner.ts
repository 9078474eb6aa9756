import {
  type AttemptRef,
  type Claim,
  type ClaimedAttempt,
  type EpochMs,
  type FlowTaskId,
  type JsonValue,
  MAX_TICK,
  type RunnerId,
  type Settlement,
  type Store,
  type Tick,
  type TickResult,
} from '@tasked/core';
import { expect } from 'vitest';
import { succeeded } from '../builders/settlements.ts';

/** What `advance` answers a runner that is registered. */
export type LiveTick = Extract<TickResult, { runner: 'ok' }>;

/** A registered runner that a case drives by hand. */
export class TestRunner {
  readonly id: RunnerId;
  readonly #store: Store;
  readonly #now: () => EpochMs;

  constructor(store: Store, id: RunnerId, now: () => EpochMs) {
    this.#store = store;
    this.id = id;
    this.#now = now;
  }

  /** One `advance`, whatever it answers. */
  async advance(tick: Partial<Omit<Tick, 'runnerId'>> = {}): Promise<TickResult> {
    return this.#store.advance({
      now: this.#now(),
      settle: [],
      claim: null,
      ...tick,
      runnerId: this.id,
    });
  }

  /** One `advance` of a runner that must not be lost. */
  async tick(tick: Partial<Omit<Tick, 'runnerId'>> = {}): Promise<LiveTick> {
    const result = await this.advance(tick);
    if (result.runner === 'lost') expect.fail(`runner ${this.id} is lost`);
    return result;
  }

  /** Claims up to `limit` tasks of the executor `noop`. */
  async claim(
    limit = MAX_TICK,
    fields: Partial<Omit<Claim, 'limit'>> = {},
  ): Promise<readonly ClaimedAttempt[]> {
    const { claimed } = await this.tick({ claim: room(limit, fields) });
    return claimed;
  }

  /** Claims one task, and there must be one. */
  async claimOne(fields: Partial<Omit<Claim, 'limit'>> = {}): Promise<ClaimedAttempt> {
    const [claimed] = await this.claim(1, fields);
    if (claimed === undefined) expect.fail(`there was nothing to claim for ${this.id}`);
    return claimed;
  }

  /** Claims one task, which must be the named one. */
  async claimTask(taskId: FlowTaskId): Promise<AttemptRef> {
    const { ref } = await this.claimOne();
    expect(ref.taskId).toBe(taskId);
    return ref;
  }

  /** Claims all it can get; what it returns finds an attempt by the id of its task. */
  async hold(fields: Partial<Omit<Claim, 'limit'>> = {}): Promise<(id: FlowTaskId) => AttemptRef> {
    const claimed = await this.claim(MAX_TICK, fields);
    return (id) => {
      const found = claimed.find(({ ref }) => ref.taskId === id);
      if (found === undefined) expect.fail(`task ${id} was not claimed`);
      return found.ref;
    };
  }

  /** Settles; nothing may be rejected. */
  async settle(...settlements: readonly Settlement[]): Promise<LiveTick> {
    const result = await this.tick({ settle: settlements });
    expect(result.rejected).toEqual([]);
    return result;
  }

  /** Settles attempts as succeeded, all in one tick; nothing may be rejected. */
  async succeed(attempts: readonly AttemptRef[], output: JsonValue = null): Promise<LiveTick> {
    return this.settle(...attempts.map((attempt) => succeeded(attempt, output)));
  }

  /** Settles and claims, one task a tick, until there is nothing more; returns what it ran, in order. */
  async runAll(limit = 1): Promise<readonly FlowTaskId[]> {
    const ran: FlowTaskId[] = [];
    let held = await this.claim(limit);
    while (held.length > 0) {
      expect(ran.length).toBeLessThan(100_000);
      ran.push(...held.map((attempt) => attempt.ref.taskId));
      const settle = held.map((attempt) => succeeded(attempt.ref));
      held = (await this.tick({ settle, claim: room(limit) })).claimed;
    }
    return ran;
  }
}

/** Room for `limit` tasks of the executor `noop`. */
export function room(limit = MAX_TICK, fields: Partial<Omit<Claim, 'limit'>> = {}): Claim {
  return { limit, executors: ['noop'], ...fields };
}
