import { hasOtherRunner } from '@tasked/app-kit';
import type { RunnerId, WorkStore } from '@tasked/core';
import type { ServeSettings } from './settings.ts';

/**
 * What becomes of tasks where nobody runs any; null while somebody does. Clients are elsewhere: where the data is, and how
 * a worker is started there, is not for them.
 */
export async function withoutRunner(
  settings: Pick<ServeSettings, 'runner'>,
  store: Pick<WorkStore, 'listRunners' | 'lostRunners'>,
  self: RunnerId,
): Promise<string | null> {
  if (settings.runner || (await hasOtherRunner(store, self))) return null;
  return 'nobody runs tasks here at the moment: they wait until the operator of this server starts a worker';
}
