import type { PostgresInspection } from '@tasked/store-drizzle/postgres';
import { type Check, fail, ok, warn } from './check.ts';

/** Machines that let NTP keep their clocks are closer to each other. */
const TOLERANCE_MS = 2_000;

/** With room for fewer processes a deployment, in which old and new ones overlap, may not get through. */
const SPARE_PROCESSES = 3;

/** Whether the tables are there and this user may use them, or may make them. */
export function schemaCheck(schema: PostgresInspection['schema']): Check {
  switch (schema.kind) {
    case 'none':
      return schema.mayCreate
        ? ok('schema', 'none yet, the first server or worker makes it')
        : fail('schema', 'none yet, and this user may make none', GRANT);
    case 'foreign':
      return fail('schema', 'the schema tasked belongs to another program', 'use another database');
    case 'ours':
      return ourSchemaCheck(schema);
  }
}

function ourSchemaCheck({
  version,
  known,
  mayUse,
}: Extract<PostgresInspection['schema'], { kind: 'ours' }>): Check {
  if (!mayUse) {
    return fail(
      'schema',
      'this user may not read and write all of its tables',
      'connect as the user who made it, or let that user grant all on the schema tasked and its tables',
    );
  }
  if (version > known) {
    return fail(
      'schema',
      `version ${version} of a newer Tasked, this one knows ${known}`,
      'upgrade Tasked, or use another database',
    );
  }
  if (version === known) return ok('schema', `version ${version}`);
  return ok('schema', `version ${version}, brought to ${known} by the next server or worker`);
}

const GRANT = 'let the owner of the database run: grant create on database … to this user';

/** Whether processes hear of each other's work at once. `isSession`: on what was named as the server itself. */
export function notificationsCheck(hears: boolean, isSession: boolean): Check {
  if (hears) return ok('notifications', 'NOTIFY is heard');
  if (isSession) {
    return fail(
      'notifications',
      'the URL of the session leads through a pooler',
      'let --session-url name the PostgreSQL server itself',
    );
  }
  return warn(
    'notifications',
    'a pooler is between: news come half a second late, and a dead process is found after 30 s only',
    'name the PostgreSQL server itself too: --session-url URL, or TASKED_SESSION_URL',
  );
}

/** Whether the server has connections left for this and further processes. */
export function connectionsCheck({
  max,
  inUse,
  perProcess,
}: PostgresInspection['connections']): Check {
  if (perProcess === 0) {
    return ok('connections', `${inUse} of ${max} in use; processes share those of the pooler`);
  }
  const room = Math.max(0, max - inUse);
  const found = `${inUse} of ${max} in use; a server or worker takes up to ${perProcess}`;
  const advice = 'raise max_connections of PostgreSQL, or end what holds idle connections';
  if (room < perProcess) return fail('connections', found, advice);
  if (room < SPARE_PROCESSES * perProcess) return warn('connections', found, advice);
  return ok('connections', found);
}

/** Whether this machine and the server agree on the time. All of Tasked goes by the server's. */
export function serverClockCheck(aheadMs: number): Check {
  if (Math.abs(aheadMs) <= TOLERANCE_MS) return ok('clock', 'as the server’s');
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return warn(
    'clock',
    `${seconds} s ${aheadMs > 0 ? 'behind' : 'ahead of'} the server’s`,
    'let NTP keep both clocks; delays and retries go by the server’s all the same',
  );
}
