import { TaskedError } from '@tasked/core';
import type { Options, Sql } from 'postgres';
import type { DatabaseAddress } from './database-address.ts';
import { driver } from './driver.ts';
import { explainPostgresError } from './postgres-error.ts';
import { reach } from './reach.ts';

/** Also what the driver's types leave out. */
interface Extra extends Options<Record<string, never>> {
  readonly max_pipeline?: number;
}

/** What hears of a session. */
interface OnSession {
  readonly notify: (payload: string) => void;
  readonly close: () => void;
}

/** Makes clients of one database. */
export class Connections {
  readonly #connect: (extra: Extra) => Sql;
  readonly #connectSession: (extra: Extra) => Sql;

  private constructor(connect: (extra: Extra) => Sql, connectSession: (extra: Extra) => Sql) {
    this.#connect = connect;
    this.#connectSession = connectSession;
  }

  /** Throws `unsupported` when the driver is not installed. Connects nowhere yet. */
  static async to(address: DatabaseAddress, sessionUrl?: string): Promise<Connections> {
    const postgres = await driver();
    const connect = (extra: Extra) =>
      'url' in address
        ? postgres(address.url, extra)
        : postgres({ ...address.sql.options, ...extra } as Extra);
    return new Connections(
      connect,
      sessionUrl === undefined ? connect : (extra) => postgres(sessionUrl, extra),
    );
  }

  /** One connection for calls: directly to the server, where further ones are sent ahead, or through a pooler. */
  one({ isDirect }: { readonly isDirect: boolean }): Sql {
    return this.#connect(
      isDirect ? { ...ALWAYS, connection: DIRECT, max: 1 } : { ...POOLED, max: 1, max_pipeline: 0 },
    );
  }

  /**
   * One connection through a pooler, on which a transaction of many statements can begin: the driver begins none where
   * nothing may be sent ahead. Whoever uses it MUST wait for each answer before the next statement.
   */
  pooledConnection(): Sql {
    return this.#connect({ ...POOLED, max: 1, max_pipeline: 1 });
  }

  /**
   * False when calls go through a pooler, which may give every transaction another session of the server: it
   * refuses the settings that a session of ours begins with, or drops them. Throws as `explainPostgresError` says.
   */
  async areDirect(): Promise<boolean> {
    const sql = this.#connect({ ...ALWAYS, connection: DIRECT, max: 1 });
    try {
      await reach(sql);
      return await isMarked(sql);
    } catch (error) {
      if (isRefusalOfSettings(error)) return false;
      throw explainPostgresError(error);
    } finally {
      await sql.end({ timeout: 0 });
    }
  }

  /** One connection that is kept as long as it goes, for what belongs to a session. */
  session(on: OnSession): Sql {
    const options: SessionOptions = {
      ...ALWAYS,
      connection: DIRECT,
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      onnotify: (_channel, payload) => on.notify(payload),
      onclose: on.close,
    };
    return this.#connectSession(options);
  }
}

/** Throws `invalid_input` for the connection of a session that goes through a pooler. */
export async function refusePooled(session: Sql): Promise<void> {
  try {
    if (await isMarked(session)) return;
  } catch (error) {
    if (!isRefusalOfSettings(error)) throw error;
  }
  throw new TaskedError(
    'invalid_input',
    'sessionUrl leads through a pooler: it must lead to the PostgreSQL server itself',
  );
}

async function isMarked(sql: Sql): Promise<boolean> {
  const [row] = await sql.unsafe<{ mark: string | null }[]>(
    `select current_setting('${MARK}', true) as mark`,
  );
  return row?.mark === 'on';
}

/** PgBouncer knows few parameters of a connection's start and ends it for any other. */
function isRefusalOfSettings(error: unknown): boolean {
  return error instanceof Error && error.message.includes('unsupported startup parameter');
}

/** Also what the driver's types leave out. */
interface SessionOptions extends Extra {
  readonly onnotify: (channel: string, payload: string) => void;
}

/** A setting that means nothing to the server and comes through to nobody but a session of our own. */
const MARK = 'tasked.direct';

const IDENTITY = { application_name: 'tasked' };

/**
 * What a session of our own begins with. The server gives up on a host that is gone, or reads nothing, within a
 * lease, so that a transaction of it holds no locks for longer.
 */
const DIRECT = {
  ...IDENTITY,
  [MARK]: 'on',
  tcp_user_timeout: 30_000,
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 4,
} as Readonly<Record<string, string | number>> & typeof IDENTITY;

const ALWAYS: Extra = {
  fetch_types: false,
  onnotice: () => {},
  connect_timeout: 10,
  /** Seconds before a further attempt to connect. */
  backoff: (failures: number) => Math.min(0.05 * 2 ** failures, 1),
};

/**
 * Through a pooler every transaction may get another session, which has prepared nothing. And PgBouncer before version
 * 1.21 takes a session away when it has answered a statement, though it has passed on the beginning of the next one,
 * which is never answered then (https://github.com/pgbouncer/pgbouncer/issues/759): nothing may be sent ahead.
 */
const POOLED: Extra = { ...ALWAYS, connection: IDENTITY, prepare: false };
