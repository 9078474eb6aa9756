import type { Logger, LogStore } from '@tasked/core';
import { MAX_LOG_BYTES } from '../../logs/full-log.ts';
import { Connections } from '../connections.ts';
import type { DatabaseAddress } from '../database-address.ts';
import { openDatabase } from '../open-database.ts';
import { PostgresLogStore } from './postgres-log-store.ts';

/** Logs are written apart from the calls that hand out work, on so many connections. */
export const LOG_POOL_SIZE = 1;

/** After this long without an answer a write is repeated. */
const ANSWER_MS = 30_000;

/** Where logs are kept, and how much of them. */
export type PostgresLogStoreOptions = DatabaseAddress & {
  /** The schema of the store; `tasked` if omitted. */
  readonly schema?: string;
  /** Most bytes of one stream of one attempt; 10 MiB and 64 KiB if omitted. */
  readonly maxBytes?: number;
  /** Hears of logs that could not be written; omitted: nobody does. */
  readonly logger?: Logger;
};

/** A log store that has connections to let go of. */
export interface OpenPostgresLogStore extends LogStore {
  /** Writes what was appended, if the server can be reached; nothing can be appended after it. */
  close(): Promise<void>;
}

/**
 * Opens the logs in one schema of a database, which every host can read. Throws as `openPostgresStore` does. What
 * gathers within 100 ms is written at once, apart from the connections that hand out work. A stream that reaches its
 * limit ends with a remark that the rest was dropped. A server that cannot be reached for a minute costs logs, never
 * a task.
 */
export async function openPostgresLogStore(
  options: PostgresLogStoreOptions,
): Promise<OpenPostgresLogStore> {
  const { schema = 'tasked', maxBytes = MAX_LOG_BYTES, logger } = options;
  const connections = await Connections.to(options);
  const { db } = await openDatabase({
    connections,
    schema,
    size: LOG_POOL_SIZE,
    answerMs: ANSWER_MS,
  });
  return new PostgresLogStore({ db, maxBytes, logger });
}
