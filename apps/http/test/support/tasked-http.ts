import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The program under test, as it is published: `npm test` builds it before. */
const BIN = fileURLToPath(new URL('../../bin/tasked-http.js', import.meta.url));

/** Our environment without what would choose another place for the data. */
const { TASKED_DATABASE_URL: _, ...ENVIRONMENT } = process.env;

/** A server process; it is killed after the test. */
export class TaskedHttp {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stderr = '';
  readonly #exited: Promise<Exit>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [BIN, '--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...ENVIRONMENT, ...env },
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.#exited = once(this.child, 'close').then(([code, signal]) => ({ code, signal }) as Exit);
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** Starts one and waits until it serves. */
  static async start(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<TaskedHttp & { readonly url: string }> {
    const server = new TaskedHttp(args, env);
    const url = await server.#serving();
    return Object.assign(server, { url });
  }

  /** How it ended. */
  exit(): Promise<Exit> {
    return this.#exited;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exited;
  }

  async #serving(): Promise<string> {
    for (;;) {
      const url = /serving MCP at (\S+)/.exec(this.stderr)?.[1];
      if (url !== undefined) return url;
      const ended = await Promise.race([
        once(this.child.stderr, 'data').then(() => null),
        this.#exited,
      ]);
      if (ended !== null) throw new Error(`it did not start: ${this.stderr}`);
    }
  }
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs `tasked-http keys …` to its end and returns what it printed. */
export function keys(...args: readonly string[]): string {
  return execFileSync(process.execPath, [BIN, 'keys', ...args], {
    encoding: 'utf8',
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Makes a key and returns it. */
export function newKey(name: string, ...args: readonly string[]): string {
  return keys('create', name, ...args).trim();
}
