import { randomUUID } from 'node:crypto';
import type { Clock, Logger, Store } from '@tasked/core';
import { Connections } from './connections.ts';
import type { DatabaseAddress } from './database-address.ts';
import { DatabaseClock } from './database-clock.ts';
import { Hints } from './hints.ts';
import type { Line } from './line.ts';
import { openDatabase } from './open-database.ts';
import { PooledLine } from './pooled-line.ts';
import { PostgresStore } from './postgres-store.ts';
import { Runners } from './runners.ts';
import { channelOf, Session } from './session.ts';

/** How long a heart stands still before its runner counts as dead, in milliseconds. */
export const LEASE_MS = 30_000;

/** How many calls of one store are under way at once on connections of their own; further ones share. */
export const POOL_SIZE = 4;

/** A server is given at least this long to answer, in milliseconds. */
const LEAST_ANSWER_MS = 5_000;

/** Where a store keeps its data. */
export type PostgresStoreOptions = DatabaseAddress & {
  /** The schema of the store's tables, created if it is missing; `tasked` if omitted. */
  readonly schema?: string;
  /**
   * How long a runner that cannot be seen to be dead may be silent, and how long the server, 5 s at the least;
   * 30,000 ms if omitted.
   */
  readonly leaseMs?: number;
  /** The server itself, when `url` leads through a pooler: one more connection, for liveness and hints. */
  readonly sessionUrl?: string;
  /** Hears of lost connections and of what listeners throw; omitted: nobody does. */
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
  const { schema = 'tasked', leaseMs = LEASE_MS, sessionUrl, logger } = options;
  const connections = await Connections.to(options, sessionUrl);
  const answerMs = Math.max(leaseMs, LEAST_ANSWER_MS);
  const clock = new DatabaseClock();
  const runners = new Runners({ schema, leaseMs, clock, logger });
  const channel = channelOf(schema);
  const hints = new Hints({
    storeId: randomUUID(),
    notify: async (payload) => {
      await db.query('select pg_notify($1, $2)', [channel, payload]);
    },
    runners: () => runners.count,
    onError: (error) => logger?.error('a hint could not be given', { error }),
  });
  const { db, isDirect } = await openDatabase({
    connections,
    schema,
    size: POOL_SIZE,
    answerMs,
    onUnanswered: () => hints.unanswered(),
  });
  try {
    const line: Line =
      isDirect || sessionUrl !== undefined
        ? await Session.open({
            connections,
            schema,
            answerMs,
            logger,
            restore: () => runners.restore(),
            onNotify: (payload) => hints.receive(payload),
            onGap: () => hints.gap(),
          })
        : new PooledLine({ db, onNews: () => hints.gap() });
    await runners.liveOn(line);
    return new PostgresStore({ db, line, runners, hints, clock });
  } catch (error) {
    await db.close();
    throw error;
  }
}
