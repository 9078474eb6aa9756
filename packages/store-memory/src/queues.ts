import type { NewQueue, Queue, QueueName } from '@tasked/core';
import { QueueRecord } from './queue-record.ts';
import type { Transaction } from './transaction.ts';

/** Creates a queue unless one of that name exists; see `QueueStore.ensureQueue`. */
export function ensureQueue(tx: Transaction, queue: NewQueue): Queue {
  const { queues } = tx.tables;
  let record = queues.get(queue.name);
  if (record === undefined) {
    record = new QueueRecord(queue);
    queues.set(queue.name, record);
    tx.write();
  }
  return record.view();
}

/** Stops or resumes a queue; see `QueueStore.setQueuePaused`. */
export function setQueuePaused(tx: Transaction, name: QueueName, paused: boolean): Queue | null {
  const queue = tx.tables.queues.get(name);
  if (queue === undefined) return null;
  if (queue.paused !== paused) {
    queue.paused = paused;
    tx.write();
  }
  return queue.view();
}
