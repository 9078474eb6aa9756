import { resolve } from 'node:path';
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
  if (settings.store === 'memory') return 'flows are kept in memory and end with this client';
  const lost = new Set(await store.lostRunners(self));
  const runners = await store.listRunners();
  if (runners.some(({ id }) => id !== self && !lost.has(id))) return null;
  const directory = shellWord(resolve(settings.dataDir));
  return `this process runs the tasks: for work that outlasts this client keep \`tasked-stdio worker --data-dir ${directory}\` running`;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
