import { setImmediate as turn } from 'node:timers/promises';
import type { Hint, Store } from '@tasked/core';
import { expect } from 'vitest';

/** So many turns of the event loop are enough for a hint of this process, which comes at once. */
const TURNS = 20;

/** Lets a store deliver every hint of what this process has committed so far. */
export async function settleTurns(): Promise<void> {
  for (let left = TURNS; left > 0; left--) await turn();
}

/** What a store's hints told a listener. */
export interface HeardHints {
  /** Those that came since the last call of this function, or since listening began. */
  since(): Promise<readonly Hint[]>;
  /** Ends the listening. */
  unsubscribe(): void;
}

/** Listens to a store, from after what was committed before. */
export async function hearHints(store: Store): Promise<HeardHints> {
  await settleTurns();
  const hints: Hint[] = [];
  const unsubscribe = store.subscribe((hint) => {
    hints.push(hint);
  });
  return {
    unsubscribe,
    async since() {
      await settleTurns();
      return hints.splice(0);
    },
  };
}

/** How long a hint from another process may take on a busy machine; the port promises 50 ms. */
const FOREIGN_HINT_MS = 1_000;

/** The first hint that a store passes on after another acted, and what the act gave. */
export async function hearForeignHint<T>(
  store: Store,
  act: () => Promise<T>,
): Promise<readonly [Hint, T]> {
  const heard = Promise.withResolvers<Hint | null>();
  const unsubscribe = store.subscribe(heard.resolve);
  const tooLate = setTimeout(heard.resolve, FOREIGN_HINT_MS, null);
  try {
    const done = await act();
    const hint = await heard.promise;
    if (hint === null) expect.fail(`no hint came within ${FOREIGN_HINT_MS} ms`);
    return [hint, done];
  } finally {
    clearTimeout(tooLate);
    unsubscribe();
  }
}
