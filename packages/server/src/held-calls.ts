import { type Owner, TaskedError } from '@tasked/core';

/** How many calls of one owner may be held at once unless told otherwise. */
const MAX_HELD_CALLS = 1_000;

/**
 * Calls of this process whose answers wait for news, `tasks/result` among them, counted by whose they are: each takes a
 * connection of its client, and looks at its task every few seconds.
 */
export class HeldCalls {
  readonly #most: number;
  readonly #held = new Map<Owner, number>();

  constructor(most: number = MAX_HELD_CALLS) {
    this.#most = most;
  }

  /** What `wait` comes to. Throws `limit_exceeded`, and waits for nothing, when so many calls of the owner are held. */
  async hold<Answer>(owner: Owner, wait: () => Promise<Answer>): Promise<Answer> {
    const held = this.#held.get(owner) ?? 0;
    if (held >= this.#most) throw tooMany(this.#most);
    this.#held.set(owner, held + 1);
    try {
      return await wait();
    } finally {
      this.#release(owner);
    }
  }

  #release(owner: Owner): void {
    const left = (this.#held.get(owner) ?? 1) - 1;
    if (left === 0) this.#held.delete(owner);
    else this.#held.set(owner, left);
  }
}

/**
 * The one of an engine, for servers that are made anew for each connection or request; the first of them says how many
 * calls it holds.
 */
export function heldCallsOn(engine: object, most?: number): HeldCalls {
  const known = ON_ENGINE.get(engine) ?? new HeldCalls(most);
  ON_ENGINE.set(engine, known);
  return known;
}

const ON_ENGINE = new WeakMap<object, HeldCalls>();

function tooMany(max: number): TaskedError {
  return new TaskedError(
    'limit_exceeded',
    `${max} calls of yours wait for an answer already: wait in fewer at once, or ask without waiting (tasks/get, no wait_secs)`,
    { details: { limit: 'maxHeldCalls', max } },
  );
}
