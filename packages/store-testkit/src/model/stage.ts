import assert from 'node:assert/strict';
import type { ChangedFlow, EpochMs, FlowId, FlowTaskRef, RunnerId, Store } from '@tasked/core';
import { newQueue } from '../builders/new-queue.ts';
import { newRunner } from '../builders/new-runner.ts';
import { Mirror } from './mirror.ts';
import type { ModelFlow, ModelTask } from './model-records.ts';
import { ReferenceModel } from './reference-model.ts';
import type { FlowShape, Sequence } from './sequence.ts';
import { shapedFlow } from './shaped-flow.ts';

/** A store and the model, side by side, with the names and the time that one sequence uses. */
export class Stage {
  readonly store: Store;
  readonly model = new ReferenceModel();
  mirrors: Mirror[] = [];
  /** Runners that live. */
  readonly runners: RunnerId[] = [];
  /** Runners that died. */
  readonly dead: RunnerId[] = [];
  now: EpochMs = 1_000_000;
  readonly #tag: string;
  #submitted = 0;

  /** `tag` makes every id unique in the store. */
  constructor(store: Store, tag: string) {
    this.store = store;
    this.#tag = tag;
  }

  async setUp({ slots, runners }: Sequence): Promise<void> {
    for (const [number, concurrency] of slots.entries()) {
      const name = this.queue(number);
      await this.store.ensureQueue(newQueue({ name, concurrency }));
      const most = concurrency ?? Number.POSITIVE_INFINITY;
      this.model.queues.set(name, { concurrency: most, paused: false });
    }
    for (let count = 0; count < runners; count++) await this.register();
  }

  queue(number: number): string {
    return `q${number}-${this.#tag}`;
  }

  async register(): Promise<RunnerId> {
    const id = `r${this.runners.length + this.dead.length}-${this.#tag}`;
    await this.store.registerRunner(newRunner({ id, registeredAt: this.now }));
    this.runners.push(id);
    return id;
  }

  async submit(shape: FlowShape): Promise<void> {
    const id = `f${this.#submitted++}-${this.#tag}`;
    const flow = shapedFlow(shape, { id, queue: this.queue(shape.queue), createdAt: this.now });
    assert.deepEqual(await this.store.createFlow(flow), { kind: 'created', flowId: id });
    this.model.submit(flow);
    this.mirrors.push(new Mirror(this.store, this.model.flows.at(-1) as ModelFlow));
    await this.compare();
  }

  /** Looks no more at flows that were pruned; returns which of the named ones are of this stage. */
  forget(named: ReadonlySet<FlowId>): readonly FlowId[] {
    const gone = this.mirrors.filter(({ model }) => named.has(model.spec.id));
    this.mirrors = this.mirrors.filter((mirror) => !gone.includes(mirror));
    return gone.map(({ model }) => model.spec.id);
  }

  /** The runner that a command means. */
  runner(number: number): RunnerId {
    return this.runners[number % this.runners.length] as RunnerId;
  }

  /** The tasks that take slots of a runner. */
  held(by: RunnerId): readonly ModelTask[] {
    return this.model.tasks(({ held }) => held?.runnerId === by);
  }

  task(ref: FlowTaskRef): ModelTask {
    const [task] = this.model.tasks(
      ({ flow, spec }) => flow.spec.id === ref.flowId && spec.id === ref.taskId,
    );
    assert.ok(task, `there is no task ${ref.taskId} in flow ${ref.flowId}`);
    return task;
  }

  /** Compares everything after one commit; returns the flows that it MUST tell of. */
  async compare(): Promise<readonly ChangedFlow[]> {
    const changed: ChangedFlow[] = [];
    for (const flow of this.model.flows) if (flow.state !== 'running') flow.endedAt ??= this.now;
    for (const mirror of this.mirrors) {
      const change = await mirror.follow();
      if (change !== null) changed.push(change);
    }
    for (const [name, { paused }] of this.model.queues) {
      const queue = await this.store.getQueue(name);
      const slots = this.model.tasks(({ flow, held }) => flow.spec.queue === name && !!held);
      const running = slots.length;
      assert.deepEqual({ running: queue?.running, paused: queue?.paused }, { running, paused });
    }
    return changed;
  }
}
