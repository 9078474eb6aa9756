import { setImmediate as turn } from 'node:timers/promises';
import type { Hint, Store } from '@tasked/core';

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
const FOREIGN_HINT_MS = 2_000;

/** The first hint that a store passes on, which is another's; rejects when none comes in time. */
export async function hearForeignHint(store: Store): Promise<Hint> {
  const heard = Promise.withResolvers<Hint>();
  const unsubscribe = store.subscribe(heard.resolve);
  const tooLate = setTimeout(
    () => heard.reject(new Error(`no hint within ${FOREIGN_HINT_MS} ms`)),
    FOREIGN_HINT_MS,
  );
  try {
    return await heard.promise;
  } finally {
    clearTimeout(tooLate);
    unsubscribe();
  }
}
