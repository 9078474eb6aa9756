import { withoutPassword } from '@tasked/app-kit';
import { type Check, fail, ok } from './check.ts';
import {
  connectionsCheck,
  notificationsCheck,
  schemaCheck,
  serverClockCheck,
} from './postgres-checks.ts';

/** Looks at the database that the URL names, if it can be reached. */
export async function examinePostgres(url: string): Promise<readonly Check[]> {
  const { inspectPostgresStore } = await import('@tasked/store-drizzle/postgres');
  const shown = withoutPassword(url);
  try {
    const found = await inspectPostgresStore({ url });
    const server = `PostgreSQL ${found.version} at ${shown}`;
    if (!found.isSupported)
      return [fail('database', server, 'upgrade it to PostgreSQL 14 or newer')];
    return [
      ok('database', server),
      schemaCheck(found.schema),
      notificationsCheck(found.hearsNotifications),
      connectionsCheck(found.connections),
      serverClockCheck(found.clockAheadMs),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [fail('database', `${shown} cannot be used`, why)];
  }
}
