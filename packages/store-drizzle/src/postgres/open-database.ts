import { Client } from './client.ts';
import type { Connections } from './connections.ts';
import { Database } from './database.ts';
import { migrate } from './migrate.ts';

/** What a database is opened with. */
export interface OpenDatabase {
  readonly connections: Connections;
  readonly schema: string;
  /** How many calls are under way at once on connections of their own; further ones share, or wait behind a pooler. */
  readonly size: number;
  /** After this long without an answer a call is `unavailable`. */
  readonly answerMs: number;
  /** Hears of every call that got no answer. */
  readonly onUnanswered?: () => void;
}

/** Opens a schema, which is brought to this version first. Throws as `openPostgresStore` says. */
export async function openDatabase(
  options: OpenDatabase,
): Promise<{ readonly db: Database; readonly isDirect: boolean }> {
  const { connections, schema, size, answerMs, onUnanswered = () => {} } = options;
  const isDirect = await connections.areDirect();
  const migrating = isDirect ? connections.one({ isDirect }) : connections.pooledConnection();
  try {
    await migrate(migrating, schema);
  } finally {
    await migrating.end({ timeout: 5 });
  }
  const client = new Client({ connect: () => connections.one({ isDirect }), size, answerMs });
  return { db: new Database({ client, schema, onUnanswered }), isDirect };
}
