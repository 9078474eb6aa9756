import type { RunnerId, WorkStore } from '@tasked/core';

/** True when a runner other than `self` is alive, and goes on with what is in the store. */
export async function hasOtherRunner(
  store: Pick<WorkStore, 'listRunners' | 'lostRunners'>,
  self: RunnerId,
): Promise<boolean> {
  const lost = new Set(await store.lostRunners(self));
  const runners = await store.listRunners();
  return runners.some(({ id }) => id !== self && !lost.has(id));
}
