import type { Sql } from 'postgres';
import { Connections } from './connections.ts';
import { quoteName } from './database.ts';
import type { DatabaseAddress } from './database-address.ts';
import { LOG_POOL_SIZE } from './logs/open-postgres-log-store.ts';
import { readMigrations } from './migrations.ts';
import { POOL_SIZE } from './open-postgres-store.ts';
import { explainPostgresError } from './postgres-error.ts';
import { reach } from './reach.ts';

/** What a database is like, for whoever looks for trouble. */
export interface PostgresInspection {
  /** As the server says it: `18.4`. */
  readonly version: string;
  /** False when the server is too old for the store. */
  readonly isSupported: boolean;
  /** By how much the server's clock is ahead of this machine's, in milliseconds. */
  readonly clockAheadMs: number;
  /** False when nothing that is notified is heard: a pooler is between, through which the rest was seen. */
  readonly hearsNotifications: boolean;
  readonly connections: {
    /** How many the server gives to users like this one. */
    readonly max: number;
    readonly inUse: number;
    /** Most that one process takes; 0 through a pooler, which has connections of its own. */
    readonly perProcess: number;
  };
  /**
   * `none`: no schema yet, or an empty one. `foreign`: tables of another program. `ours`: with how many steps it has
   * seen, and how many this version knows.
   */
  readonly schema:
    | { readonly kind: 'none' | 'foreign'; readonly mayCreate: boolean }
    | {
        readonly kind: 'ours';
        readonly version: number;
        readonly known: number;
        /** True when this user may read and write all tables. */
        readonly mayUse: boolean;
      };
}

/** Oldest server that the store works on, as `server_version_num` counts. */
const OLDEST_SERVER = 140_000;

/** How long a notification to oneself may take. */
const HEAR_MS = 2_000;

/**
 * Looks at a database and changes nothing. Rejects as `openPostgresStore` does when it cannot be reached.
 */
export async function inspectPostgresStore(
  options: DatabaseAddress & { readonly schema?: string },
): Promise<PostgresInspection> {
  const { schema = 'tasked' } = options;
  const heard = Promise.withResolvers<boolean>();
  const connections = await Connections.to(options);
  const isDirect = await connections.areDirect();
  const sql = isDirect
    ? connections.session({ notify: () => heard.resolve(true), close: () => {} })
    : connections.pooledConnection();
  try {
    await reach(sql);
    return {
      ...(await inspectServer(sql, isDirect)),
      // Through a pooler it would leave a session that listens to others.
      hearsNotifications: isDirect && (await hearsItself(sql, heard)),
      schema: await inspectSchema(sql, schema),
    };
  } catch (error) {
    throw explainPostgresError(error);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function inspectServer(sql: Sql, isDirect: boolean) {
  const asked = Date.now();
  const [row] = await sql<
    { version: string; number: number; now: number; max: number; used: number }[]
  >`
    select current_setting('server_version') as version,
      current_setting('server_version_num')::integer as number,
      (extract(epoch from clock_timestamp()) * 1000)::double precision as now,
      current_setting('max_connections')::integer
        - current_setting('superuser_reserved_connections')::integer as max,
      (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as used`;
  if (row === undefined) throw new Error('PostgreSQL answered nothing');
  return {
    version: row.version,
    isSupported: row.number >= OLDEST_SERVER,
    clockAheadMs: Math.round(row.now - (asked + Date.now()) / 2),
    connections: isDirect
      ? // This connection goes with the inspection.
        { max: row.max, inUse: row.used - 1, perProcess: POOL_SIZE + LOG_POOL_SIZE + 1 }
      : { max: row.max, inUse: row.used, perProcess: 0 },
  };
}

async function hearsItself(sql: Sql, heard: PromiseWithResolvers<boolean>): Promise<boolean> {
  const timer = setTimeout(() => heard.resolve(false), HEAR_MS);
  await sql`listen tasked_inspection`;
  await sql`notify tasked_inspection`;
  const hears = await heard.promise;
  clearTimeout(timer);
  return hears;
}

async function inspectSchema(sql: Sql, schema: string): Promise<PostgresInspection['schema']> {
  const [row] = await sql<{ ours: boolean; used: boolean; create: boolean; use: boolean }[]>`
    select coalesce(bool_or(c.relname = 'schema_version'), false) as ours, count(c.oid) > 0 as used,
      case when n.oid is null then has_database_privilege(current_database(), 'create')
        else has_schema_privilege(n.oid, 'create') end as create,
      coalesce(has_schema_privilege(n.oid, 'usage') and bool_and(
        has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
        and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete')), false) as use
    from (select 1) as one left join pg_namespace n on n.nspname = ${schema}
    left join pg_class c on c.relnamespace = n.oid and c.relkind = 'r'
    group by n.oid`;
  if (!row?.ours) {
    return { kind: row?.used ? 'foreign' : 'none', mayCreate: row?.create ?? false };
  }
  const known = readMigrations().length;
  if (!row.use) return { kind: 'ours', version: known, known, mayUse: false };
  const [seen] = await sql.unsafe<{ version: number }[]>(
    `select version from ${quoteName(schema)}.schema_version`,
  );
  return { kind: 'ours', version: seen?.version ?? 0, known, mayUse: true };
}
