import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './contender.ts';
import { PostgresServer } from './postgres-server.ts';
import { RedisServer } from './redis-server.ts';

/** The servers that everybody shares, and room for files; it lives as long as one run. */
export class Site {
  readonly server: PostgresServer;
  readonly redis: RedisServer | null;
  readonly #folder: string;

  private constructor(server: PostgresServer, redis: RedisServer | null, folder: string) {
    this.server = server;
    this.redis = redis;
    this.#folder = folder;
  }

  static async open(): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'tasked-bench-'));
    return new Site(await PostgresServer.start(), await RedisServer.start(), folder);
  }

  /** A place with a database and a directory of its own. */
  async place(name: string): Promise<Place> {
    const postgresUrl = await this.server.create(name);
    const directory = await mkdtemp(join(this.#folder, `${name}-`));
    return { postgresUrl, directory, redisPort: this.redis?.port ?? null };
  }

  /** Versions and settings, for the report. */
  async description(): Promise<readonly string[]> {
    const redis = this.redis?.description() ?? 'Redis is not there: BullMQ was left out';
    return [await this.server.description(), redis];
  }

  async close(): Promise<void> {
    await this.redis?.stop();
    await this.server.stop();
    await rm(this.#folder, { recursive: true });
  }
}
