import type { Logger } from '../ports/logger.ts';
import type { Task } from './task.ts';
import type { TaskStatus } from './task-status.ts';

/** A task went from one status to another; that is committed. */
export interface TaskTransition {
  readonly from: TaskStatus;
  readonly task: Task;
}

/** Hears of transitions; nobody waits for it. What it throws, or rejects with, is logged and harms nobody. */
export type TransitionListener = (transition: TaskTransition) => unknown;

/** Tells listeners of transitions. */
export class TaskTransitions {
  readonly #listeners = new Set<{ readonly listener: TransitionListener }>();
  readonly #logger: Logger | undefined;

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  subscribe(listener: TransitionListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  publish(transition: TaskTransition): void {
    for (const { listener } of [...this.#listeners]) {
      new Promise((resolve) => resolve(listener(transition))).catch((error: unknown) =>
        this.#logger?.error('a listener of task transitions failed', { error }),
      );
    }
  }
}
