import { type NewRunner, type Runner, type RunnerId, TaskedError } from '@tasked/core';
import { RunnerRecord } from './runner-record.ts';
import type { Tables } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** Makes a runner known; see `WorkStore.registerRunner`. */
export function registerRunner(tx: Transaction, runner: NewRunner): void {
  const { runners } = tx.tables;
  if (runners.has(runner.id)) {
    throw new TaskedError(
      'already_exists',
      `runner ${runner.id} is known; register under a new id`,
    );
  }
  runners.set(runner.id, new RunnerRecord(runner));
  tx.write();
}

/** Lets a runner go; one that still holds attempts stays, as gone, until they are taken over. */
export function unregisterRunner(tx: Transaction, id: RunnerId): void {
  const runner = tx.tables.liveRunner(id);
  if (runner === undefined) return;
  runner.gone = true;
  if (runner.held.size === 0) tx.tables.runners.delete(id);
  tx.write();
}

/** Every runner that is not gone, by `registeredAt`. */
export function listRunners(tables: Tables): readonly Runner[] {
  return [...tables.runners.values()]
    .filter(({ gone }) => !gone)
    .map((runner) => runner.view())
    .sort((a, b) => a.registeredAt - b.registeredAt);
}

/** Every runner that is gone and still holds attempts, but for `observer`. */
export function lostRunners(tables: Tables, observer: RunnerId): readonly RunnerId[] {
  return [...tables.runners].filter(([id, { gone }]) => gone && id !== observer).map(([id]) => id);
}
