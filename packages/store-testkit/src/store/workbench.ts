import {
  type AnsweredInputs,
  type EpochMs,
  type Flow,
  type FlowId,
  type FlowTask,
  type FlowTaskId,
  type FlowTaskState,
  type InputKey,
  type JsonValue,
  MAX_TICK,
  type NewFlow,
  type NewFlowTask,
  type NewQueue,
  type NewRunner,
  type Owner,
  type Store,
} from '@tasked/core';
import { newFlow } from '../builders/new-flow.ts';
import { newQueue } from '../builders/new-queue.ts';
import { newRunner } from '../builders/new-runner.ts';
import type { StoreSubject } from './store-subject.ts';
import { TestRunner } from './test-runner.ts';

/** When every case begins. */
const START: EpochMs = Date.UTC(2026, 0, 1);

/** What a case works with: a store on data of its own, and the time, which only the case moves. */
export class Workbench {
  readonly store: Store;
  now: EpochMs = START;
  readonly #subject: StoreSubject;
  /** Every store of this case, those of other workbenches on the same data included. */
  readonly #opened: Store[];

  private constructor(subject: StoreSubject, store: Store, opened: Store[]) {
    this.#subject = subject;
    this.store = store;
    this.#opened = opened;
    opened.push(store);
  }

  static async open(subject: StoreSubject): Promise<Workbench> {
    return new Workbench(subject, await subject.open(), []);
  }

  /** Closes this store and opens its data again. */
  async reopen(): Promise<Workbench> {
    if (this.#subject.reopen === undefined) throw new Error('this store cannot be reopened');
    await this.store.close();
    return this.#beside(await this.#subject.reopen(this.store));
  }

  /** Opens one more store on the same data. */
  async openSecond(): Promise<Workbench> {
    if (this.#subject.openSecond === undefined) throw new Error('this data cannot be shared');
    return this.#beside(await this.#subject.openSecond(this.store));
  }

  /** Closes every store of this case. */
  async close(): Promise<void> {
    for (const store of this.#opened) await store.close();
  }

  /** Creates a queue. */
  async queue(name: string, fields: Partial<Omit<NewQueue, 'name'>> = {}): Promise<void> {
    await this.store.ensureQueue(newQueue({ ...fields, name }));
  }

  /** Creates a flow now, and its queue where it is missing; returns the id. */
  async submit(tasks: readonly NewFlowTask[], fields: Partial<NewFlow> = {}): Promise<FlowId> {
    const flow = newFlow({ createdAt: this.now, ...fields, tasks });
    await this.store.ensureQueue(newQueue({ name: flow.queue }));
    const created = await this.store.createFlow(flow);
    return created.flowId;
  }

  /** Registers a runner. */
  async runner(fields: Partial<NewRunner> = {}): Promise<TestRunner> {
    const runner = newRunner({ registeredAt: this.now, ...fields });
    await this.store.registerRunner(runner);
    return new TestRunner(this.store, runner.id, () => this.now);
  }

  /** Registers so many runners. */
  async runners(count: number): Promise<readonly TestRunner[]> {
    const runners: TestRunner[] = [];
    while (runners.length < count) runners.push(await this.runner());
    return runners;
  }

  /** The flow's record, which must be there. */
  async flow(flowId: FlowId, owner: Owner = ''): Promise<Flow> {
    const flow = await this.store.getFlow(flowId, owner);
    if (flow === null)
      throw new Error(`flow ${flowId} of owner ${JSON.stringify(owner)} is missing`);
    return flow;
  }

  /** The task's record, which must be there. */
  async task(flowId: FlowId, taskId: FlowTaskId): Promise<FlowTask> {
    const task = await this.store.getFlowTask({ flowId, taskId });
    if (task === null) throw new Error(`task ${taskId} of flow ${flowId} is missing`);
    return task;
  }

  /** Every task of the flow, by index. */
  async tasks(flowId: FlowId): Promise<readonly FlowTask[]> {
    return this.store.listFlowTasks({ flowId, limit: 20 * MAX_TICK });
  }

  /** The state of every task of the flow. */
  async states(flowId: FlowId): Promise<Readonly<Record<FlowTaskId, FlowTaskState>>> {
    const tasks = await this.tasks(flowId);
    return Object.fromEntries(tasks.map((task) => [task.id, task.state]));
  }

  /** Answers inputs by task and key; the flow must be there. */
  async answer(
    flowId: FlowId,
    byTask: Readonly<Record<FlowTaskId, Readonly<Record<InputKey, JsonValue>>>>,
  ): Promise<AnsweredInputs> {
    const answers = Object.entries(byTask).flatMap(([taskId, byKey]) =>
      Object.entries(byKey).map(([key, answer]) => ({ taskId, key, answer })),
    );
    const call = { flowId, owner: '', answers, now: this.now };
    const answered = await this.store.answerInputs(call);
    if (answered === null) throw new Error(`flow ${flowId} is missing`);
    return answered;
  }

  /** Slots of the queue that are taken. */
  async slots(queue = 'default'): Promise<number | null> {
    return (await this.store.getQueue(queue))?.running ?? null;
  }

  #beside(store: Store): Workbench {
    const other = new Workbench(this.#subject, store, this.#opened);
    other.now = this.now;
    return other;
  }
}
