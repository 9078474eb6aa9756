import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CandidateName } from './candidates.ts';
import type { Place } from './contender.ts';
import type { Reply, RequestKind, Requests } from './requests.ts';

const CHILD = fileURLToPath(new URL('./contender-process.ts', import.meta.url));

/** A contender in a process of its own. */
export class HostedContender {
  readonly name: CandidateName;
  readonly place: Place;
  readonly #child: ChildProcess;

  constructor(name: CandidateName, place: Place) {
    this.name = name;
    this.place = place;
    this.#child = fork(CHILD, [name, JSON.stringify(place)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** One request at a time. Rejects with what went wrong there. */
  async ask<K extends RequestKind>(
    kind: K,
    ask: Requests[K]['ask'],
  ): Promise<Requests[K]['answer']> {
    const abort = new AbortController();
    const { signal } = abort;
    const ended = once(this.#child, 'exit', { signal }).then(() => {
      throw new Error(`the process of ${this.name} ended`);
    });
    ended.catch(() => {});
    this.#child.send({ kind, ask });
    try {
      const [reply] = (await Promise.race([once(this.#child, 'message', { signal }), ended])) as [
        Reply,
      ];
      if (reply.kind === 'error') throw new Error(`${this.name}: ${kind}: ${reply.message}`);
      return reply.answer as Requests[K]['answer'];
    } finally {
      abort.abort();
    }
  }

  async end(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }
}
