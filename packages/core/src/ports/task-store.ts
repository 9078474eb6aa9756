import type { EpochMs, Owner } from '../ids.ts';
import type { ListPlace } from '../task/list-cursor.ts';
import type { Task, TaskId } from '../task/task.ts';
import type { TaskStatus } from '../task/task-status.ts';

/**
 * Keeps tasks, each under its owner and its id: two owners may have tasks of one id, which never meet. All rules
 * (what may follow what, who may see what, when a task is over) stand above it, in `Tasks`; a store keeps what
 * it is given, whole and unread, and hands out copies. What a call resolved with is durable.
 */
export interface TaskStore {
  /**
   * Creates a task, at once and whole. `exists` when its owner has one of that id, `full` when its owner has
   * `maxOwned` or more; nothing is changed then. Of two calls with one id at the same moment one creates. A store
   * that is written to by several at once MAY let a few more in than `maxOwned`.
   */
  createTask(task: Task, maxOwned: number): Promise<'created' | 'exists' | 'full'>;
  /** The task of that id of that owner, or null. */
  getTask(id: TaskId, owner: Owner): Promise<Task | null>;
  /**
   * Compare-and-set: puts `next`, whose version is `expectedVersion + 1`, in the place of the task of its id and
   * owner if that has `expectedVersion`, and tells whether it did. MUST be atomic: of calls at the same moment that
   * expect one version, one succeeds. Neither `createdAt` nor the owner of a task ever changes.
   */
  updateTask(next: Task, expectedVersion: number): Promise<boolean>;
  /** Removes it, whatever its status; nothing happens when there is none. */
  deleteTask(id: TaskId, owner: Owner): Promise<void>;
  /** Newest first, by `(createdAt, id)`, ids in the order of ASCII. */
  listTasks(query: ListTasks): Promise<readonly Task[]>;
  /**
   * Removes up to `limit` tasks, of any owner, whose `expiresAt` is at or before `now`, and tells how many: 0 when
   * none is left (but for those that somebody else is removing). MUST leave every other alone. A store whose records end by themselves at that time leaves it out.
   */
  deleteExpiredTasks?(now: EpochMs, limit: number): Promise<number>;
  /**
   * Stops the work behind a task that was just recorded as cancelled, where the store knows of it (another queue's
   * job, say). What it throws is logged: the record is cancelled all the same.
   */
  cancelTask?(task: Task): Promise<void>;
}

/** Which tasks to list: those of one owner, or those of all owners that have one status, which no client may see. */
export type ListTasks = ListTasksPage &
  (
    | { readonly owner: Owner; readonly status?: TaskStatus }
    | { readonly owner: null; readonly status: TaskStatus }
  );

/** Which part of a list. */
export interface ListTasksPage {
  readonly limit: number;
  /** Only tasks that come after this place in the list. */
  readonly after?: ListPlace;
}
