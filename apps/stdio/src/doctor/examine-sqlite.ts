import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Check } from './check.ts';
import { clockCheck } from './clock-check.ts';
import { databaseCheck } from './database-check.ts';
import { directoryCheck, nearestExisting } from './directory-check.ts';
import { diskCheck } from './disk-check.ts';
import { locksCheck } from './locks-check.ts';
import { runnersCheck } from './runners-check.ts';
import { sqliteCheck } from './sqlite-check.ts';

/** Looks at the native module, and at all that concerns a data directory. */
export async function examineSqlite(path: string): Promise<readonly [Check, ...Check[]]> {
  const dataDir = resolve(path);
  const directory = directoryCheck(dataDir);
  const sqlite = await sqliteCheck();
  const isThere = nearestExisting(dataDir) === dataDir && directory.status !== 'fail';
  const { type, bavail, bsize } = statfsSync(nearestExisting(dataDir));
  return [
    sqlite,
    directory,
    ...(isThere && sqlite.status === 'ok' ? await insideChecks(dataDir) : []),
    locksCheck(type),
    diskCheck(bavail * bsize),
    clockCheck({
      now: Date.now(),
      evenNow: performance.timeOrigin + performance.now(),
      newestFile: isThere ? newestFile(dataDir) : null,
    }),
  ];
}

async function insideChecks(dataDir: string): Promise<readonly Check[]> {
  const { inspectSqliteStore } = await import('@tasked/store-drizzle/sqlite');
  const inspection = await inspectSqliteStore({ dataDir });
  return [databaseCheck(inspection), runnersCheck(inspection.runners)];
}

function newestFile(dataDir: string): number | null {
  const times = readdirSync(dataDir).flatMap((name) => {
    const stats = statSync(join(dataDir, name), { throwIfNoEntry: false });
    return stats === undefined ? [] : [stats.mtimeMs];
  });
  return times.length === 0 ? null : Math.max(...times);
}
