import type { NewQueue, Queue, QueueDefaults } from '@tasked/core';

/** A queue as the store keeps it. */
export class QueueRecord {
  readonly name: string;
  readonly concurrency: number | null;
  readonly defaults: QueueDefaults;
  running = 0;
  paused = false;

  constructor(queue: NewQueue) {
    this.name = queue.name;
    this.concurrency = queue.concurrency;
    this.defaults = Object.freeze({ ...queue.defaults });
  }

  /** How many more of its tasks may start now. */
  get room(): number {
    if (this.paused) return 0;
    return this.concurrency === null ? Number.POSITIVE_INFINITY : this.concurrency - this.running;
  }

  /** What callers see of it now. */
  view(): Queue {
    const { name, concurrency, defaults, running, paused } = this;
    return { name, concurrency, defaults, running, paused };
  }
}
