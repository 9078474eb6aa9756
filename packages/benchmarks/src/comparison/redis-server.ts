import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@tasked/test-postgres';

/** As docs.bullmq.io/guide/going-to-production asks for. */
const SETTINGS = {
  appendonly: 'yes',
  appendfsync: 'everysec',
  'maxmemory-policy': 'noeviction',
} as const;

/** A Redis of its own, for one run of the benchmarks. */
export class RedisServer {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.#folder = folder;
    this.port = port;
  }

  /** Null when there is no `redis-server` on the path. */
  static async start(): Promise<RedisServer | null> {
    if (version() === null) return null;
    const folder = await mkdtemp(join(tmpdir(), 'tasked-bench-redis-'));
    const port = await freePort();
    const settings = Object.entries({ ...SETTINGS, port: String(port), dir: folder, save: '' });
    const args = settings.flatMap(([key, value]) => [`--${key}`, value]);
    const redis = new RedisServer(spawn('redis-server', args, { stdio: 'ignore' }), folder, port);
    await redis.#listening();
    return redis;
  }

  /** Version and settings, for the report. */
  description(): string {
    const settings = Object.entries(SETTINGS).map(([key, value]) => `${key}=${value}`);
    return `Redis ${version()} (${settings.join(', ')})`;
  }

  async stop(): Promise<void> {
    const exit = once(this.#process, 'exit');
    this.#process.kill();
    await exit;
    await rm(this.#folder, { recursive: true });
  }

  async #listening(): Promise<void> {
    for (let left = 100; left > 0; left--) {
      const socket = connect(this.port, '127.0.0.1');
      const there = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (there) return;
      await sleep(50);
    }
    throw new Error('redis-server does not listen');
  }
}

function version(): string | null {
  try {
    const said = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
    return /v=(\S+)/.exec(said)?.[1] ?? 'unknown';
  } catch {
    return null;
  }
}
