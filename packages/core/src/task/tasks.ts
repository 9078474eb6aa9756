import { TaskedError } from '../errors.ts';
import type { EpochMs, Owner } from '../ids.ts';
import type { Sweep } from '../janitor.ts';
import type { JsonObject } from '../json.ts';
import type { Logger } from '../ports/logger.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { randomTaskId } from '../random-ids.ts';
import { amend, type TaskAmendment } from './amend.ts';
import { type AnsweredTask, answerInput } from './answer-input.ts';
import { isExpired } from './expiry.ts';
import { type ListedTasks, listTasks, type TaskListing } from './list-tasks.ts';
import { type NewTask, newTask } from './new-task.ts';
import { requireInput } from './require-input.ts';
import { TASK_ID, type Task, type TaskId } from './task.ts';
import type { TaskChange } from './task-change.ts';
import type { InputRequests, InputResponses } from './task-input.ts';
import {
  MAX_PAYLOAD_BYTES,
  MAX_TASKS_PER_OWNER,
  MAX_TTL_MS,
  shortened,
  withOwnPayloads,
} from './task-limits.ts';
import type { TaskError } from './task-outcome.ts';
import { TaskTransitions, type TransitionListener } from './task-transitions.ts';
import { DEFAULT_TTL_MS, type TasksOptions } from './tasks-options.ts';
import { cancel, complete, fail, type TaskStep, transition } from './transition.ts';

/** How often a change is tried anew because somebody else changed the task in between. */
const TRIES = 100;

/** How many tasks one call of the store removes, or lists. */
const BATCH = 100;

/** JSON-RPC's code for what went wrong inside. */
const INTERNAL_ERROR = -32603;

/** What a caller says of a task that is to be created; what is omitted gets its default. */
export type CreateTask = Omit<NewTask, 'id' | 'owner' | 'ttlMs' | 'createdAt'> &
  Partial<Pick<NewTask, 'id' | 'ttlMs'>>;

/** What a cleanup did. */
export interface TaskCleanup {
  /** Tasks that had lived longer than `maxLifetimeMs`. */
  readonly failed: number;
  /** Tasks that were over. */
  readonly deleted: number;
}

/**
 * Tasks on any {@link TaskStore}, with all the rules. Every operation is for one owner, exactly; a task of another,
 * and one that is over (`expiresAt`), is `not_found` in the same words as one that never was.
 *
 * Changes follow the table of statuses, else `illegal_transition`. Of writers at the same moment each sees what the
 * other did: a task ends once, and how it ended stays. Reading, and what was acknowledged, is as durable as the store.
 */
export class Tasks {
  readonly store: TaskStore;
  /** Removes tasks that are over: for a `Janitor`. */
  readonly sweep: Sweep;
  readonly #options: TasksOptions;
  readonly #logger: Logger | undefined;
  readonly #transitions: TaskTransitions;

  constructor(store: TaskStore, options: TasksOptions = {}) {
    this.store = store;
    this.#options = options;
    this.#logger = options.logger;
    this.#transitions = new TaskTransitions(options.logger);
    this.sweep = {
      name: 'expired tasks',
      sweep: async (now) => (await this.cleanup(now)).deleted,
    };
  }

  /** An id that nobody can guess: `t_` and 128 random bits, base64url. */
  generateId(): TaskId {
    return randomTaskId();
  }

  /**
   * Creates a task, `working`, and resolves once it is durable. Throws `already_exists` when the owner has one of
   * that id, `limit_exceeded` when the owner has too many or it is too large, `invalid_input` for an id or a
   * duration that is none.
   */
  async create(owner: Owner, task: CreateTask): Promise<Task> {
    this.#admit(owner);
    const { maxTtlMs = MAX_TTL_MS, defaultTtlMs = DEFAULT_TTL_MS } = this.#options;
    const { id = this.generateId(), ttlMs = defaultTtlMs } = task;
    const createdAt = this.#now();
    const created = taskOf(
      newTask({ ...task, id, owner, ttlMs: shortened(ttlMs, maxTtlMs), createdAt }),
    );
    const own = withOwnPayloads(created, null, this.#maxPayloadBytes);
    const { maxTasksPerOwner = MAX_TASKS_PER_OWNER } = this.#options;
    let answer = await this.store.createTask(own, maxTasksPerOwner);
    // What is over still takes room, and its id, until it is removed.
    if (answer !== 'created' && (await this.#deleteExpired(createdAt)) > 0) {
      answer = await this.store.createTask(own, maxTasksPerOwner);
    }
    if (answer === 'created') return own;
    if (answer === 'exists') {
      throw new TaskedError('already_exists', `task ${id} exists: choose another id, or none`);
    }
    throw new TaskedError(
      'limit_exceeded',
      `there are ${maxTasksPerOwner} tasks, and no more are allowed: delete some that have ended, or wait until they are over`,
      { details: { limit: 'maxTasksPerOwner', max: maxTasksPerOwner } },
    );
  }

  /** The task. Throws `not_found`. */
  async get(owner: Owner, id: TaskId): Promise<Task> {
    this.#admit(owner);
    const task = TASK_ID.test(id) ? await this.store.getTask(id, owner) : null;
    if (task?.owner === owner && !isExpired(task, this.#now())) return task;
    throw new TaskedError('not_found', `there is no task ${TASK_ID.test(id) ? id : 'of that id'}`);
  }

  /** Says more of a task that lives: metadata are merged key by key, the rest is replaced, what is omitted stays. */
  update(owner: Owner, id: TaskId, amendment: TaskAmendment): Promise<Task> {
    return this.#change(owner, id, (task) => amend(task, amendment, this.#now()));
  }

  /** Takes a task to another status by one step of the table; the methods below say it shorter. */
  transition(owner: Owner, id: TaskId, step: TaskStep, statusMessage?: string): Promise<Task> {
    return this.#change(owner, id, (task) => transition(task, step, this.#note(statusMessage)));
  }

  /** Ends a task as `cancelled`; the store stops the work behind it if it can. */
  async cancel(owner: Owner, id: TaskId, statusMessage?: string): Promise<Task> {
    const task = await this.#change(owner, id, (live) => cancel(live, this.#note(statusMessage)));
    try {
      await this.store.cancelTask?.(task);
    } catch (error) {
      this.#logger?.error('the work of a cancelled task could not be stopped', { id, error });
    }
    return task;
  }

  /** Ends a task as `completed`, with the result of its request (also one that has `isError: true`). */
  complete(owner: Owner, id: TaskId, result: JsonObject, statusMessage?: string): Promise<Task> {
    return this.#change(owner, id, (task) => complete(task, result, this.#note(statusMessage)));
  }

  /** Ends a task as `failed`, with an error of JSON-RPC, whose message is the reason unless one is given. */
  fail(owner: Owner, id: TaskId, error: TaskError, statusMessage?: string): Promise<Task> {
    return this.#change(owner, id, (task) => fail(task, error, this.#note(statusMessage)));
  }

  /**
   * Asks for input, under keys that the task never used before; it is `input_required` until everything
   * outstanding is answered.
   */
  requireInput(
    owner: Owner,
    id: TaskId,
    requests: InputRequests,
    statusMessage?: string,
  ): Promise<Task> {
    return this.#change(owner, id, (task) =>
      requireInput(task, requests, this.#note(statusMessage)),
    );
  }

  /**
   * Answers what is outstanding, and tells which answers were accepted: each key once, also of callers at the same
   * moment. Other keys, and a task that has ended, are no error. With the last answer the task is `working` again.
   */
  async answerInput(owner: Owner, id: TaskId, responses: InputResponses): Promise<AnsweredTask> {
    for (let tries = 0; tries < TRIES; tries++) {
      const before = await this.get(owner, id);
      const answered = answerInput(before, responses, this.#now());
      if (answered.accepted.length === 0) return answered;
      const task = await this.#commit(before, answered.task);
      if (task !== null) return { task, accepted: answered.accepted };
    }
    throw contended(id);
  }

  /** Removes a task, whatever its status. Nothing happens when there is none. */
  async delete(owner: Owner, id: TaskId): Promise<void> {
    this.#admit(owner);
    if (TASK_ID.test(id)) await this.store.deleteTask(id, owner);
  }

  /** The owner's tasks, newest first, by pages. Throws `invalid_input` for a limit or a cursor that is none. */
  async list(owner: Owner, listing: TaskListing = {}): Promise<ListedTasks> {
    this.#admit(owner);
    return listTasks(this.store, owner, { ...listing, now: this.#now() });
  }

  /**
   * Removes what is over, of all owners; before that fails what has lived longer than `maxLifetimeMs`. Removes
   * nothing that lives. Any number of processes may do so at once.
   */
  async cleanup(now: EpochMs = this.#now()): Promise<TaskCleanup> {
    const { maxLifetimeMs = null } = this.#options;
    const failed = maxLifetimeMs === null ? 0 : await this.#failOverdue(now, maxLifetimeMs);
    return { failed, deleted: await this.#deleteExpired(now) };
  }

  /** Calls `listener` with every transition that this object commits, until the returned function is called. */
  onTransition(listener: TransitionListener): () => void {
    return this.#transitions.subscribe(listener);
  }

  /** Decides on the task as it is, and again when somebody else changed it meanwhile. */
  async #change(owner: Owner, id: TaskId, decide: (task: Task) => TaskChange): Promise<Task> {
    for (let tries = 0; tries < TRIES; tries++) {
      const before = await this.get(owner, id);
      const task = await this.#commit(before, taskOf(decide(before)));
      if (task !== null) return task;
    }
    throw contended(id);
  }

  /** Null when the task is no longer what it was before. */
  async #commit(before: Task, next: Task): Promise<Task | null> {
    const task = withOwnPayloads(next, before, this.#maxPayloadBytes);
    if (!(await this.store.updateTask(task, before.version))) return null;
    if (task.status !== before.status) this.#transitions.publish({ from: before.status, task });
    return task;
  }

  async #failOverdue(now: EpochMs, maxLifetimeMs: number): Promise<number> {
    const message = `it lived longer than ${maxLifetimeMs} ms, the limit: it was given up`;
    const error = { code: INTERNAL_ERROR, message };
    let failed = 0;
    for (const status of ['working', 'input_required'] as const) {
      let after = { createdAt: now - maxLifetimeMs + 1, id: '' };
      for (;;) {
        const page = await this.store.listTasks({ owner: null, status, after, limit: BATCH });
        for (const task of page) {
          const change = fail(task, error, { now });
          if (change.kind === 'refused') continue;
          // One that somebody changed at this moment is looked at again next time.
          if ((await this.#commit(task, change.task)) !== null) failed += 1;
        }
        const last = page.at(-1);
        if (last === undefined || page.length < BATCH) break;
        after = last;
      }
    }
    return failed;
  }

  async #deleteExpired(now: EpochMs): Promise<number> {
    let deleted = 0;
    for (;;) {
      const batch = (await this.store.deleteExpiredTasks?.(now, BATCH)) ?? 0;
      if (batch === 0) return deleted;
      deleted += batch;
    }
  }

  #admit(owner: Owner): void {
    if (owner !== '' || this.#options.requireOwner !== true) return;
    throw new TaskedError('forbidden', 'tasks belong to somebody here: authenticate first');
  }

  #note(statusMessage: string | undefined): { now: EpochMs; statusMessage?: string } {
    const now = this.#now();
    return statusMessage === undefined ? { now } : { now, statusMessage };
  }

  #now(): EpochMs {
    return this.#options.clock?.now() ?? Date.now();
  }

  get #maxPayloadBytes(): number {
    return this.#options.maxPayloadBytes ?? MAX_PAYLOAD_BYTES;
  }
}

function taskOf(change: TaskChange): Task {
  if (change.kind === 'changed') return change.task;
  throw new TaskedError(change.code, change.message);
}

function contended(id: TaskId): TaskedError {
  return new TaskedError(
    'version_conflict',
    `task ${id} was changed by others ${TRIES} times in a row: try again`,
  );
}
