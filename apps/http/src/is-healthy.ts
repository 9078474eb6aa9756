import type { WorkStore } from '@tasked/core';

/** How long a store may take: whoever watches gives up after a few seconds. */
const PATIENCE_MS = 2_000;

/** True when the store answers soon. */
export async function isHealthy(store: Pick<WorkStore, 'listRunners'>): Promise<boolean> {
  const answer = store.listRunners().then(
    () => true,
    () => false,
  );
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, PATIENCE_MS, false);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
