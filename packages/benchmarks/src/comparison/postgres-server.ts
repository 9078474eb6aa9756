import { type StartedPostgres, startPostgres } from '@tasked/test-postgres';
import postgres, { type Sql } from 'postgres';

/** What is not PostgreSQL's default; durability is, and is told all the same. */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '300',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
} as const;

/** A PostgreSQL of its own, for one run of the benchmarks. */
export class PostgresServer {
  readonly #server: StartedPostgres;
  readonly #sql: Sql;

  private constructor(server: StartedPostgres) {
    this.#server = server;
    this.#sql = postgres(server.url, { max: 1, onnotice: () => {} });
  }

  static async start(): Promise<PostgresServer> {
    return new PostgresServer(await startPostgres(Object.entries(SETTINGS).map(asSetting)));
  }

  /** The address of a database. */
  url(database: string): string {
    return Object.assign(new URL(this.#server.url), { pathname: `/${database}` }).href;
  }

  /** Makes a database; returns its address. */
  async create(database: string): Promise<string> {
    await this.#sql.unsafe(`create database "${database}"`);
    return this.url(database);
  }

  /** Cleans up behind one measurement, so that nobody pays for what another left. */
  async tidy(database: string): Promise<void> {
    const sql = postgres(this.url(database), { max: 1, onnotice: () => {} });
    await sql.unsafe('vacuum (analyze)');
    await sql.unsafe('checkpoint');
    await sql.end();
  }

  /** Version and settings, for the report. */
  async description(): Promise<string> {
    const [row] = await this.#sql<{ server_version: string }[]>`show server_version`;
    const settings = Object.entries(SETTINGS).map(asSetting);
    return `PostgreSQL ${row?.server_version} (${settings.join(', ')}; otherwise defaults)`;
  }

  async stop(): Promise<void> {
    await this.#sql.end();
    await this.#server.stop();
  }
}

function asSetting([name, value]: readonly [string, string]): string {
  return `${name}=${value}`;
}
