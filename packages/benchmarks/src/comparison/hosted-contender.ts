import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Place } from './contender.ts';
import type { Reply, RequestKind, Requests } from './requests.ts';

const CHILD = fileURLToPath(new URL('./contender-process.ts', import.meta.url));

/** A contender in a process of its own. */
export class HostedContender {
  readonly name: CandidateName;
  readonly place: Place;
  readonly #child: ChildProcess;
  #pending: PromiseWithResolvers<unknown> | null = null;
  #started = 0;
  #onStarted: () => void = () => {};

  constructor(name: CandidateName, place: Place) {
    this.name = name;
    this.place = place;
    // What peers say on stderr about losing a race is theirs.
    const stderr = CANDIDATES[name].packageName === null ? 'inherit' : 'ignore';
    this.#child = fork(CHILD, [name, JSON.stringify(place)], {
      stdio: ['ignore', 'ignore', stderr, 'ipc'],
    });
    this.#child.on('message', (reply: Reply) => this.#receive(reply));
    this.#child.on('exit', () => this.#pending?.reject(new Error(`the process of ${name} ended`)));
  }

  /** One request at a time. Rejects with what went wrong there. */
  async ask<K extends RequestKind>(
    kind: K,
    ask: Requests[K]['ask'],
  ): Promise<Requests[K]['answer']> {
    if (kind === 'run') this.#started = 0;
    const pending = Promise.withResolvers<unknown>();
    this.#pending = pending;
    this.#child.send({ kind, ask }, (error) => {
      if (error !== null) pending.reject(error);
    });
    try {
      return (await pending.promise) as Requests[K]['answer'];
    } catch (error) {
      throw new Error(`${this.name} could not do "${kind}"`, { cause: error });
    } finally {
      this.#pending = null;
    }
  }

  /** How many jobs its runner has started. */
  get started(): number {
    return this.#started;
  }

  /** Calls `listener` whenever further jobs have started; replaces the listener before. */
  onStarted(listener: () => void): void {
    this.#onStarted = listener;
  }

  /** Freezes the process, as a host that is lost looks to others. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Ends the process without its knowing. */
  async kill(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  #receive(reply: Reply): void {
    switch (reply.kind) {
      case 'answer':
        this.#pending?.resolve(reply.answer);
        break;
      case 'error':
        this.#pending?.reject(new Error(reply.message));
        break;
      case 'started':
        this.#started = reply.jobs;
        this.#onStarted();
    }
  }
}

/** Resolves when so many jobs have started in all of them together. */
export function startedTogether(hosts: readonly HostedContender[], jobs: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (hosts.reduce((sum, host) => sum + host.started, 0) >= jobs) resolve();
    };
    for (const host of hosts) host.onStarted(look);
    look();
  });
}
