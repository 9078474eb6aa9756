import type { InputResponses, Owner, TaskId } from '@tasked/core';
import type { TaskPage, TaskSource, WaitForTask } from './task-source.ts';
import type { TaskView } from './task-view.ts';

/** Tasks that are still being opened: every call waits for it. */
export class DeferredTasks implements TaskSource {
  readonly #source: Promise<TaskSource>;

  constructor(source: Promise<TaskSource>) {
    this.#source = source;
    // That it could not be opened is told by who opened it; calls tell that it is not there.
    source.catch(() => {});
  }

  async get(owner: Owner, id: TaskId): Promise<TaskView> {
    return await (await this.#source).get(owner, id);
  }

  async cancel(owner: Owner, id: TaskId): Promise<TaskView> {
    return await (await this.#source).cancel(owner, id);
  }

  async answerInput(owner: Owner, id: TaskId, responses: InputResponses): Promise<void> {
    await (await this.#source).answerInput(owner, id, responses);
  }

  async list(owner: Owner, page: TaskPage): Promise<readonly TaskView[]> {
    return await (await this.#source).list(owner, page);
  }

  async wait(owner: Owner, seen: TaskView, options: WaitForTask): Promise<TaskView> {
    return await (await this.#source).wait(owner, seen, options);
  }
}
