import { randomUUID } from 'node:crypto';
import type { Clock, Logger, Store } from '@tasked/core';
import { Connections } from './connections.ts';
import { Database } from './database.ts';
import type { DatabaseAddress } from './database-address.ts';
import { DatabaseClock } from './database-clock.ts';
import { Hints } from './hints.ts';
import { migrate } from './migrate.ts';
import { PostgresStore } from './postgres-store.ts';
import { channelOf, Session } from './session.ts';

/** How long a heart stands still before its runner counts as dead, in milliseconds. */
const LEASE_MS = 30_000;

/** Where a store keeps its data. */
export type PostgresStoreOptions = DatabaseAddress & {
  /** The schema of the store's tables, created if it is missing; `tasked` if omitted. */
  readonly schema?: string;
  /** How long a runner that cannot be seen to be dead may be silent; 30,000 ms if omitted. */
  readonly leaseMs?: number;
  /** Hears of lost connections and of hints that could not be given; omitted: nobody does. */
  readonly logger?: Logger;
};

/** A store on a server whose clock all runners follow. */
export interface OpenPostgresStore extends Store {
  /** The server's clock, for whatever works on this store: machines need not agree on the time. */
  readonly clock: Clock;
}

/**
 * Opens the store in one schema of a database; any number of processes and hosts may have it open. Throws
 * `invalid_input` when the schema is not ours or from a newer version, `unavailable` when the server cannot be
 * reached, and `unsupported` when postgres.js is not installed. Nothing foreign is changed.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<OpenPostgresStore> {
  const { schema = 'tasked', leaseMs = LEASE_MS, logger } = options;
  const connections = await Connections.to(options);
  const sql = connections.pool();
  try {
    await migrate(sql, schema);
    const db = new Database(sql, schema);
    const channel = channelOf(schema);
    const hints = new Hints({
      storeId: randomUUID(),
      notify: async (payload) => {
        await db.query('select pg_notify($1, $2)', [channel, payload]);
      },
      onError: (error) => logger?.error('a hint could not be given', { error }),
    });
    const clock = new DatabaseClock();
    const session = await Session.open({
      connections,
      schema,
      leaseMs,
      logger,
      clock,
      onNotify: (payload) => hints.receive(payload),
      onGap: () => hints.gap(),
    });
    return new PostgresStore({ db, session, hints, clock });
  } catch (error) {
    await sql.end({ timeout: 5 });
    throw error;
  }
}
