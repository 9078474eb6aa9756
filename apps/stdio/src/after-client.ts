import { resolve } from 'node:path';
import { hasOtherRunner } from '@tasked/app-kit';
import type { RunnerId, WorkStore } from '@tasked/core';
import type { ServeSettings } from './settings.ts';

/**
 * What becomes of running work when the client goes away and this process with it; null when another
 * process is there to go on.
 */
export async function afterClient(
  settings: ServeSettings,
  store: Pick<WorkStore, 'listRunners' | 'lostRunners'>,
  self: RunnerId,
): Promise<string | null> {
  const { place } = settings;
  if (place.kind === 'memory') return 'flows are kept in memory and end with this client';
  if (await hasOtherRunner(store, self)) return null;
  const keep = 'this process runs the tasks: for work that outlasts this client keep';
  if (place.kind === 'postgres')
    return `${keep} \`tasked-stdio worker\` running on the same database`;
  return `${keep} \`tasked-stdio worker --data-dir ${shellWord(resolve(place.dataDir))}\` running`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
