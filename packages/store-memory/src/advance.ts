import { type AttemptRef, refuseHugeTick, type Tick, type TickResult } from '@tasked/core';
import { type Claimed, claim } from './claim.ts';
import { closeInputs } from './inputs.ts';
import type { RunnerRecord } from './runner-record.ts';
import { settle } from './settle.ts';
import type { Transaction } from './transaction.ts';

const NOTHING: Claimed = { claimed: [], more: false };

/** One tick of a runner; see `WorkStore.advance`. */
export function advance(tx: Transaction, tick: Tick): TickResult {
  refuseHugeTick(tick);
  const runner = tx.tables.liveRunner(tick.runnerId);
  if (runner === undefined) return { runner: 'lost' };
  const rejected = settle(tx, runner, tick.settle);
  promote(tx);
  const { claimed, more } = tick.claim === null ? NOTHING : claim(tx, runner, tick.claim);
  return {
    runner: 'ok',
    claimed,
    rejected,
    stop: attemptsToStop(runner),
    changed: tx.changed(),
    more,
    lookAgainAt: tx.tables.delayed.nextAt,
  };
}

function promote(tx: Transaction): void {
  const { delayed } = tx.tables;
  for (let due = delayed.next(tx.now); due !== undefined; due = delayed.next(tx.now)) {
    if (due.state === 'waiting') closeInputs(due);
    tx.move(due, 'ready');
  }
}

function attemptsToStop(runner: RunnerRecord): readonly AttemptRef[] {
  return [...runner.stopping].map(({ flow, id, fence }) => ({
    flowId: flow.id,
    taskId: id,
    fence,
  }));
}
