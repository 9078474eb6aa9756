import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { randomIds } from '@tasked/core';
import { onTestFinished } from 'vitest';
import type { RunnerArguments } from './runner-program.ts';

const PROGRAM = fileURLToPath(new URL('runner-program.ts', import.meta.url));

const KEEP_COMPILED_CODE = new URL(
  '../../../../packages/server/test/keep-compiled-code.ts',
  import.meta.url,
).href;

/** How a process of the tests differs from others. */
export interface RunnerProcessOptions extends Partial<Omit<RunnerArguments, 'id'>> {
  readonly url: string;
  readonly journal: string;
  /** By how much the clock of its machine is wrong. */
  readonly clockAheadMs?: number;
}

/** A real process that runs tasks; it ends with the test at the latest. */
export class RunnerProcess {
  /** Of its first runner. */
  readonly id = randomIds.runnerId();
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #stdout = '';
  #stderr = '';

  constructor({ clockAheadMs = 0, ...options }: RunnerProcessOptions) {
    const { name = this.id, executors = ['trace'], slots = 10, ...others } = options;
    const args: RunnerArguments = { id: this.id, name, executors, slots, ...others };
    const clock = clockAheadMs === 0 ? [] : ['--import', wrongClock(clockAheadMs)];
    this.#child = spawn(
      process.execPath,
      ['--import', KEEP_COMPILED_CODE, ...clock, PROGRAM, JSON.stringify(args)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#child.stdout.on('data', (data) => {
      this.#stdout += data;
    });
    this.#child.stderr.on('data', (data) => {
      this.#stderr += data;
    });
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  /** Resolves when it takes tasks, with what it thinks the time is. */
  async running(): Promise<number> {
    for (;;) {
      const [, now] = /^running (\d+)$/m.exec(this.#stdout) ?? [];
      if (now !== undefined) return Number(now);
      if (this.#child.exitCode !== null) throw new Error(this.#stderr);
      await Promise.race([once(this.#child.stdout, 'data'), once(this.#child, 'exit')]);
    }
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Ends it without a warning; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Has it stop in order. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    if (this.#child.exitCode !== 0) throw new Error(this.#stderr);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }
}

/** A module that sets the clock of its process, as JavaScript sees it. */
function wrongClock(aheadMs: number): string {
  const source = `const now = Date.now; Date.now = () => now() + (${aheadMs});`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
