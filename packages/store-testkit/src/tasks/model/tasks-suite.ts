import type { TaskStore } from '@tasked/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { TaskStoreSubject } from '../task-store-subject.ts';
import { playTasks } from './play-tasks.ts';
import { raceTasks } from './race-tasks.ts';
import { commands, operation } from './task-command.ts';

const MINUTE = 60_000;

/** How much to check. */
export interface TasksCheck {
  /** How many random sequences, and how many random races. */
  readonly runs: number;
  /** Repeats runs that failed; omitted: others every time. */
  readonly seed?: number;
}

/**
 * Tests the service `Tasks` on a store: random sequences against a reference model, and random races, through a
 * second store too when the subject offers `openSecond`.
 */
export function tasksSuite<Store extends TaskStore>(
  subject: TaskStoreSubject<Store>,
  { runs, seed }: TasksCheck,
): void {
  const parameters = { numRuns: runs, ...(seed !== undefined && { seed }) };
  describe(`Tasks on ${subject.name}`, { timeout: 5 * MINUTE }, () => {
    it(`do what the reference model does, over ${runs} sequences`, () =>
      withStores(subject, async ([store]) => {
        let count = 0;
        const property = fc.asyncProperty(commands, (sequence) => {
          count += 1;
          return playTasks(store, sequence, String(count));
        });
        await fc.assert(property, parameters);
      }));

    it(`lose nothing and do nothing twice, over ${runs} races`, () =>
      withStores(subject, async (stores) => {
        const racers = fc.array(operation, { minLength: 2, maxLength: 10, size: 'max' });
        const property = fc.asyncProperty(racers, (operations) => raceTasks(stores, operations));
        await fc.assert(property, parameters);
      }));
  });
}

/** Opens one store on new data, and a second on the same where that can be. */
async function withStores<Store extends TaskStore>(
  subject: TaskStoreSubject<Store>,
  check: (stores: readonly [Store, ...Store[]]) => Promise<void>,
): Promise<void> {
  const first = await subject.open();
  const second = await subject.openSecond?.(first);
  try {
    await check(second === undefined ? [first] : [first, second]);
  } finally {
    if (second !== undefined) await subject.close?.(second);
    await subject.close?.(first);
  }
}
