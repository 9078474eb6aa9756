import assert from 'node:assert/strict';
import type { Store } from '@tasked/core';
import fc from 'fast-check';
import { decided } from './decided.ts';
import { randomSequence } from './random-sequence.ts';
import { replay } from './replay.ts';
import type { Sequence } from './sequence.ts';

/** Opens a store on new, empty data. */
export type OpenStore = () => Promise<Store>;

/** How much to check. */
export interface ModelCheck {
  /** How many random sequences. */
  readonly sequences: number;
  /** Repeats a run that failed; omitted: another one every time. */
  readonly seed?: number;
}

/**
 * Checks that a store does what the reference model does, in random sequences of commands that share one
 * store. Rejects with the shortest sequence found that tells them apart.
 */
export async function checkModel(open: OpenStore, check: ModelCheck): Promise<void> {
  await checkSequences([open], check, async ([store], sequence, tag) => {
    await replay(store as Store, sequence, tag);
  });
}

/** Checks that all stores end with the same records after the same random sequences of commands. */
export async function checkAgreement(open: readonly OpenStore[], check: ModelCheck): Promise<void> {
  await checkSequences(open, check, async (stores, sequence, tag) => {
    const played = stores.map((store) => replay(store, decided(sequence), tag));
    const [first, ...others] = await Promise.all(played);
    for (const [index, records] of others.entries()) {
      assert.deepEqual(records, first, `the records of store ${index + 1} and of store 0`);
    }
  });
}

type Check = (stores: readonly Store[], sequence: Sequence, tag: string) => Promise<void>;

/** A sequence that fails may leave anything behind: the next one, a shorter one, gets new stores. */
async function checkSequences(
  open: readonly OpenStore[],
  { sequences, seed }: ModelCheck,
  holds: Check,
): Promise<void> {
  const openAll = (): Promise<Store[]> => Promise.all(open.map((openOne) => openOne()));
  let stores = await openAll();
  let count = 0;
  const property = fc.asyncProperty(randomSequence, async (sequence) => {
    count += 1;
    try {
      await holds(stores, sequence, String(count));
    } catch (difference) {
      for (const store of stores) await store.close();
      stores = await openAll();
      throw difference;
    }
  });
  try {
    await fc.assert(property, { numRuns: sequences, ...(seed === undefined ? {} : { seed }) });
  } finally {
    for (const store of stores) await store.close();
  }
}
