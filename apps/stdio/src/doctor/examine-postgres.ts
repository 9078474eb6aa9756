import { withoutPassword } from '@tasked/app-kit';
import { type Check, fail, ok } from './check.ts';
import {
  connectionsCheck,
  notificationsCheck,
  schemaCheck,
  serverClockCheck,
} from './postgres-checks.ts';

/** Where a database is, and the server itself when that is behind a pooler. */
interface PostgresUrls {
  readonly url: string;
  readonly sessionUrl: string | undefined;
}

/** Looks at a database, if it can be reached; at the server itself where it is named. */
export async function examinePostgres(urls: PostgresUrls): Promise<readonly Check[]> {
  const { inspectPostgresStore } = await import('@tasked/store-drizzle/postgres');
  // Most of what is looked at belongs to a session, which a pooler does not give.
  const url = urls.sessionUrl ?? urls.url;
  const shown = withoutPassword(url);
  try {
    const found = await inspectPostgresStore({ url });
    const server = `PostgreSQL ${found.version} at ${shown}`;
    if (!found.isSupported)
      return [fail('database', server, 'upgrade it to PostgreSQL 14 or newer')];
    return [
      ok('database', server),
      schemaCheck(found.schema),
      notificationsCheck(found.hearsNotifications, urls.sessionUrl !== undefined),
      connectionsCheck(found.connections),
      serverClockCheck(found.clockAheadMs),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [fail('database', `${shown} cannot be used`, why)];
  }
}
