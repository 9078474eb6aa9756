import { TaskedError } from '@tasked/core';
import type { Sql } from 'postgres';

/** How long a server may take for its first answer; longer than the driver waits for a connection. */
const FIRST_ANSWER_MS = 12_000;

/**
 * Resolves when the server answers. The driver would try for ever with whatever hangs up on it without a word of
 * PostgreSQL. Throws `unavailable` then, and as the driver does; the client is of no use after that.
 */
export async function reach(sql: Sql): Promise<void> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(() => silence.reject(silent()), FIRST_ANSWER_MS);
  try {
    await Promise.race([sql`select 1`, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function silent(): TaskedError {
  return new TaskedError(
    'unavailable',
    'what is there does not answer as PostgreSQL does: see that it runs there, and check host and port of the URL',
  );
}
