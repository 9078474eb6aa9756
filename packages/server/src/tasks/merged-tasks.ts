import type { InputResponses, Owner, TaskId } from '@tasked/core';
import type { TaskPage, TaskSource, WaitForTask } from './task-source.ts';
import type { TaskView } from './task-view.ts';

/** What the ids of flows begin with; no other task's id does. */
const FLOW_ID = /^f_/;

/** Flows and standalone tasks as one: whose a task is stands in its id. */
export class MergedTasks implements TaskSource {
  readonly #flows: TaskSource;
  readonly #standalone: TaskSource;

  constructor(flows: TaskSource, standalone: TaskSource) {
    this.#flows = flows;
    this.#standalone = standalone;
  }

  get(owner: Owner, id: TaskId): Promise<TaskView> {
    return this.#sourceOf(id).get(owner, id);
  }

  cancel(owner: Owner, id: TaskId): Promise<TaskView> {
    return this.#sourceOf(id).cancel(owner, id);
  }

  answerInput(owner: Owner, id: TaskId, responses: InputResponses): Promise<void> {
    return this.#sourceOf(id).answerInput(owner, id, responses);
  }

  wait(owner: Owner, seen: TaskView, options: WaitForTask): Promise<TaskView> {
    return this.#sourceOf(seen.id).wait(owner, seen, options);
  }

  async list(owner: Owner, page: TaskPage): Promise<readonly TaskView[]> {
    const sources = [this.#flows, this.#standalone];
    const lists = await Promise.all(sources.map((source) => source.list(owner, page)));
    return lists.flat().sort(newestFirst).slice(0, page.limit);
  }

  #sourceOf(id: TaskId): TaskSource {
    return FLOW_ID.test(id) ? this.#flows : this.#standalone;
  }
}

/** As stores list: by `(createdAt, id)`, ids in the order of their UTF-16 code units. */
function newestFirst(one: TaskView, other: TaskView): number {
  if (one.createdAt !== other.createdAt) return other.createdAt - one.createdAt;
  return one.id < other.id ? 1 : -1;
}
