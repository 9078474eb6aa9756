import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIXTURE, type StartedFixture, startFixture } from '../conformance/start-fixture.ts';

/** How a client reaches the fixture server. */
export const WAYS = ['http', 'stdio'] as const;

export type Way = (typeof WAYS)[number];

/** The fixture server with data that outlast its process. */
export class FixtureServer {
  readonly #dir = mkdtempSync(join(tmpdir(), 'tasked-clients-'));
  readonly #args: readonly string[];
  #http: StartedFixture | null = null;

  constructor(args: readonly string[] = ['--store', 'sqlite', '--owner', 'ann']) {
    this.#args = ['--tasks', 'standalone', ...args, '--data', this.#dir];
  }

  /** What starts it on stdio. */
  get command(): { readonly command: string; readonly args: string[] } {
    return { command: process.execPath, args: [...FIXTURE, '--stdio', ...this.#args] };
  }

  /** Where it is over HTTP; it is started if it does not run, at the address where it was before. */
  async url(): Promise<URL> {
    this.#http ??= await startFixture(...this.#args);
    return new URL(this.#http.url);
  }

  /** Kills it over HTTP, so that it notices nothing, and starts it again in the same place. */
  async killAndRestart(): Promise<void> {
    const { port } = await this.url();
    await this.#kill();
    this.#http = await startFixture(...this.#args, '--port', port);
  }

  async close(): Promise<void> {
    await this.#kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #kill(): Promise<void> {
    const running = this.#http?.process;
    if (running === undefined) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
    this.#http = null;
  }
}
