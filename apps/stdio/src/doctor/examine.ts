import type { SharedPlace } from '../settings.ts';
import type { Check } from './check.ts';
import { examinePostgres } from './examine-postgres.ts';
import { examineSqlite } from './examine-sqlite.ts';
import { nodeCheck } from './node-check.ts';
import { shellCheck } from './shell-check.ts';

/** Looks at everything that Tasked needs, and changes nothing. */
export async function examine(place: SharedPlace): Promise<readonly Check[]> {
  const node = nodeCheck(process.versions.node, process.execPath);
  if (place.kind === 'postgres') {
    return [node, shellCheck(), ...(await examinePostgres(place))];
  }
  const [sqlite, ...others] = await examineSqlite(place.dataDir);
  return [node, sqlite, shellCheck(), ...others];
}
