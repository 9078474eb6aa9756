import {
  isTaskedError,
  type NewQueue,
  type QueueName,
  type QueueStore,
  type TaskedError,
} from '@tasked/core';

/** Most queues that are remembered. */
const MOST = 10_000;

type Defaults = NewQueue['defaults'];

/**
 * The defaults of queues, which never change: each queue is asked for once, so that a submit to it costs no round trip
 * to the store.
 */
export class KnownQueues {
  readonly #store: QueueStore;
  readonly #defaults = new Map<QueueName, Defaults>();

  constructor(store: QueueStore) {
    this.#store = store;
  }

  /**
   * Calls `create` with the defaults of a queue, which is made if it is not there. `create` is called again should the
   * store not know the queue any more (`not_found`).
   */
  async with<T>(queue: NewQueue, create: (defaults: Defaults) => Promise<T>): Promise<T> {
    const known = this.#defaults.get(queue.name);
    if (known !== undefined) {
      try {
        return await create(known);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return await create(await this.#ensure(queue));
  }

  async #ensure(queue: NewQueue): Promise<Defaults> {
    const { name, defaults } = await this.#store.ensureQueue(queue);
    if (this.#defaults.size >= MOST) this.#defaults.clear();
    this.#defaults.set(name, defaults);
    return defaults;
  }
}

function isNotFound(error: unknown): error is TaskedError {
  return isTaskedError(error) && error.code === 'not_found';
}
