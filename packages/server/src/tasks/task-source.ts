import type { InputResponses, ListPlace, Owner, TaskId } from '@tasked/core';
import type { TaskView } from './task-view.ts';

/**
 * Where tasks of the protocol come from: a store of standalone tasks, or flows. Every method is for one owner,
 * exactly, and throws `not_found` for a task of another as for one that never was.
 */
export interface TaskSource {
  get(owner: Owner, id: TaskId): Promise<TaskView>;
  /** Ends it as `cancelled`. Throws `illegal_transition` when it had ended before. */
  cancel(owner: Owner, id: TaskId): Promise<TaskView>;
  /** Answers what is outstanding, each key once; other keys, and a task that has ended, are no error. */
  answerInput(owner: Owner, id: TaskId, responses: InputResponses): Promise<void>;
  /** Newest first, by `(createdAt, id)`. */
  list(owner: Owner, page: TaskPage): Promise<readonly TaskView[]>;
  /** The task once it is no longer as it was `seen`, or as it is after `timeoutMs`, or once `signal` aborts. */
  wait(owner: Owner, seen: TaskView, options: WaitForTask): Promise<TaskView>;
}

/** Which part of a list. */
export interface TaskPage {
  readonly limit: number;
  /** Only tasks that come after this place in the list. */
  readonly after?: ListPlace;
}

/** How long to wait. */
export interface WaitForTask {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}
