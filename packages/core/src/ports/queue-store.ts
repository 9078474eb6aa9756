import type { QueueName } from '../ids.ts';
import type { NewQueue, Queue } from '../queue.ts';

/** Keeps the queues. */
export interface QueueStore {
  /** Creates the queue unless one of that name exists; returns the one that exists then. */
  ensureQueue(queue: NewQueue): Promise<Queue>;
  getQueue(name: QueueName): Promise<Queue | null>;
  /** Stops or resumes handing out its tasks; null when there is no such queue. */
  setQueuePaused(name: QueueName, paused: boolean): Promise<Queue | null>;
}
