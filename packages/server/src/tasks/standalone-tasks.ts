import {
  type Clock,
  encodeCursor,
  type InputResponses,
  type Owner,
  outstandingInputs,
  systemClock,
  type Task,
  type TaskId,
  type Tasks,
} from '@tasked/core';
import { hasChanged } from './has-changed.ts';
import { pollIntervalMs } from './poll-interval.ts';
import type { TaskPage, TaskSource, WaitForTask } from './task-source.ts';
import type { TaskView } from './task-view.ts';

/** How soon a change by another process is seen; changes by this one are heard at once. */
const LOOK_EVERY_MS = 500;

/** The tasks of a `Tasks` service: work that somebody else's code does. */
export class StandaloneTasks implements TaskSource {
  readonly #tasks: Tasks;
  readonly #clock: Clock;

  constructor(tasks: Tasks, clock: Clock = systemClock) {
    this.#tasks = tasks;
    this.#clock = clock;
  }

  async get(owner: Owner, id: TaskId): Promise<TaskView> {
    return this.#viewOf(await this.#tasks.get(owner, id));
  }

  async cancel(owner: Owner, id: TaskId): Promise<TaskView> {
    return this.#viewOf(await this.#tasks.cancel(owner, id));
  }

  async answerInput(owner: Owner, id: TaskId, responses: InputResponses): Promise<void> {
    await this.#tasks.answerInput(owner, id, responses);
  }

  async list(owner: Owner, { limit, after }: TaskPage): Promise<readonly TaskView[]> {
    const cursor = after === undefined ? {} : { cursor: encodeCursor(after) };
    const { tasks } = await this.#tasks.list(owner, { limit, ...cursor });
    return tasks.map((task) => this.#viewOf(task));
  }

  async wait(owner: Owner, seen: TaskView, { timeoutMs, signal }: WaitForTask): Promise<TaskView> {
    const until = this.#clock.now() + timeoutMs;
    for (;;) {
      const change = this.#nextLook(seen.id, Math.min(LOOK_EVERY_MS, until - this.#clock.now()));
      const view = await this.get(owner, seen.id);
      if (hasChanged(seen, view) || this.#clock.now() >= until || signal.aborted) {
        change.forget();
        return view;
      }
      signal.addEventListener('abort', change.forget, { once: true });
      await change.due;
      signal.removeEventListener('abort', change.forget);
    }
  }

  /** Due when this process has changed the task, when it is time to look, or when it is forgotten. */
  #nextLook(id: TaskId, ms: number): { readonly due: Promise<void>; readonly forget: () => void } {
    const { promise: due, resolve } = Promise.withResolvers<void>();
    const unsubscribe = this.#tasks.onTransition(({ task }) => {
      if (task.id === id) forget();
    });
    const stop = this.#clock.schedule(Math.max(ms, 0), () => forget());
    const forget = () => {
      unsubscribe();
      stop();
      resolve();
    };
    return { due, forget };
  }

  #viewOf(task: Task): TaskView {
    const { id, status, statusMessage, createdAt, lastUpdatedAt, ttlMs, outcome } = task;
    return {
      id,
      status,
      statusMessage,
      createdAt,
      lastUpdatedAt,
      ttlMs,
      outcome,
      pollIntervalMs: task.pollIntervalMs ?? pollIntervalMs(createdAt, this.#clock.now()),
      inputRequests: outstandingInputs(task),
    };
  }
}
