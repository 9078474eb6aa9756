import type { InspectedRunner } from '@tasked/store-drizzle/sqlite';
import { type Check, ok, warn } from './check.ts';

/** Longer lists help nobody. */
const NAMED = 5;

/** Who else runs tasks of the data directory, and whether somebody died. */
export function runnersCheck(runners: readonly InspectedRunner[]): Check {
  const dead = runners.filter(({ isAlive }) => !isAlive);
  const alive = runners.filter(({ isAlive }) => isAlive);
  const living = alive.length === 0 ? 'none is running' : `running: ${named(alive)}`;
  if (dead.length === 0) return ok('runners', living);
  const held = dead.reduce((sum, { attempts }) => sum + attempts, 0);
  return warn(
    'runners',
    `${living}; died: ${named(dead)}`,
    held === 0
      ? 'nothing: the next server or worker forgets them'
      : `start a server or a worker: it takes over the ${held} tasks that they were running`,
  );
}

function named(runners: readonly InspectedRunner[]): string {
  const names = runners.slice(0, NAMED).map(({ name, pid }) => {
    return name.includes(String(pid)) ? name : `${name} (process ${pid})`;
  });
  const more = runners.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}
