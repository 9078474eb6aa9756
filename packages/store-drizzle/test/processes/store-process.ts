import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { FROM_SOURCE } from '../../../server/test/from-source.ts';
import type { Commands, Message, Place } from './messages.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/** A real process with a store of its own; it ends with the test at the latest. */
export class StoreProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #onHint = new Set<() => void>();
  #calls = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: Message) => this.#hear(message));
    child.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the process has ended'));
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
  }

  /** Starts a process, and opens its store when a place is given. */
  static async start(place?: Place): Promise<StoreProcess> {
    const child = fork(CHILD, { execArgv: [...FROM_SOURCE] });
    await once(child, 'spawn');
    const started = new StoreProcess(child);
    if (place !== undefined) await started.call('open', place);
    return started;
  }

  /** Has the process do something, and resolves with what came of it. */
  call<Command extends keyof Commands>(
    command: Command,
    ...args: Parameters<Commands[Command]>
  ): ReturnType<Commands[Command]> {
    const call = ++this.#calls;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(call, waiting);
    this.#child.send({ call, command, args });
    return waiting.promise as ReturnType<Commands[Command]>;
  }

  /** Resolves at the next hint that its store gives; it must `listen` before. */
  nextHint(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onHint.add(resolve);
    return promise;
  }

  /** Freezes it, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Kills it without a warning; resolves when it is gone. */
  async kill(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  #hear(message: Message): void {
    if (message.kind === 'hint') {
      for (const resolve of this.#onHint) resolve();
      this.#onHint.clear();
      return;
    }
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if (message.kind === 'value') waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.error));
  }
}
