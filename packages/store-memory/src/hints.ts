import type { Hint, Notifier } from '@tasked/core';

type Listener = Parameters<Notifier['subscribe']>[0];

/** Tells of commits inside this process. */
export class Hints implements Notifier {
  readonly #subscriptions = new Set<{ readonly listener: Listener }>();

  subscribe(listener: Listener): () => void {
    const subscription = { listener };
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  /** Calls every listener soon: never inside the call that committed, and none can disturb another. */
  publish(hint: Hint): void {
    for (const subscription of this.#subscriptions) {
      queueMicrotask(() => {
        if (this.#subscriptions.has(subscription)) subscription.listener(hint);
      });
    }
  }

  /** Forgets every listener. */
  close(): void {
    this.#subscriptions.clear();
  }
}
