import {
  type AnsweredInputs,
  type AnswerInputs,
  type Attempt,
  type AttemptRef,
  type CancelFlow,
  type CreateFlowResult,
  type EpochMs,
  type Flow,
  type FlowChanges,
  type FlowTask,
  type FlowTaskRef,
  type Hint,
  type HoldTasks,
  isTerminalFlow,
  type ListFlows,
  type ListFlowTasks,
  type ListTasks,
  type NewFlow,
  type NewQueue,
  type NewRunner,
  type OutputPreview,
  type OutstandingInput,
  type PrunedFlows,
  type PruneFlows,
  type Queue,
  type Report,
  type Runner,
  type RunnerId,
  type Store,
  type StoredOutput,
  type TakenAttempt,
  type TakeOver,
  type Task,
  TaskedError,
  type Tick,
  type TickResult,
} from '@tasked/core';
import { advance } from './advance.ts';
import { createFlow } from './create-flow.ts';
import { endEarly } from './flow-end.ts';
import type { FlowRecord } from './flow-record.ts';
import { Hints } from './hints.ts';
import { addHold, removeHold } from './holds.ts';
import { answerInputs, listInputs } from './inputs.ts';
import { listFlows, listFlowTasks } from './listing.ts';
import { MemoryTaskStore } from './memory-task-store.ts';
import { previewOutput, readOutputs } from './outputs.ts';
import { pruneFlows } from './prune.ts';
import { ensureQueue, setQueuePaused } from './queues.ts';
import { report } from './resume.ts';
import { listRunners, lostRunners, registerRunner, unregisterRunner } from './runners.ts';
import { Tables } from './tables.ts';
import { takeOver } from './take-over.ts';
import { Transaction } from './transaction.ts';

/**
 * A {@link Store} in the memory of this process: exact and fast, and gone with the process. A runner
 * counts as dead once it has unregistered while it held attempts.
 */
export class MemoryStore implements Store {
  readonly #hints = new Hints();
  #tables: Tables | null = new Tables();
  #taskStore: MemoryTaskStore | null = new MemoryTaskStore();

  async createFlow(flow: NewFlow): Promise<CreateFlowResult> {
    return this.#write((tx) => createFlow(tx, flow), flow.createdAt);
  }

  async getFlow(flowId: string, owner: string): Promise<Flow | null> {
    return this.#flowOf(flowId, owner)?.view() ?? null;
  }

  async listFlows(query: ListFlows): Promise<readonly Flow[]> {
    const owner = this.#open.owners.get(query.owner);
    return owner === undefined ? [] : listFlows(owner, query);
  }

  async getFlowTask(ref: FlowTaskRef): Promise<FlowTask | null> {
    return this.#open.task(ref)?.view() ?? null;
  }

  async listFlowTasks(query: ListFlowTasks): Promise<readonly FlowTask[]> {
    const flow = this.#open.flows.get(query.flowId);
    return flow === undefined ? [] : listFlowTasks(flow, query);
  }

  async listAttempts(ref: FlowTaskRef): Promise<readonly Attempt[]> {
    return [...(this.#open.task(ref)?.attempts ?? [])];
  }

  async changesSince(flowId: string, rev: number): Promise<FlowChanges | null> {
    const flow = this.#open.flows.get(flowId);
    if (flow === undefined) return null;
    const changed = flow.tasks.filter((task) => task.rev > rev);
    return { flow: flow.view(), tasks: changed.map((task) => task.view()) };
  }

  async cancelFlow(
    cancel: CancelFlow,
  ): Promise<{ readonly cancelled: boolean; readonly flow: Flow } | null> {
    const flow = this.#flowOf(cancel.flowId, cancel.owner);
    if (flow === undefined) return null;
    const cancelled = !isTerminalFlow(flow.state);
    if (cancelled) this.#write((tx) => endEarly(tx, flow, 'cancelled'), cancel.now);
    return { cancelled, flow: flow.view() };
  }

  async addHold(holds: HoldTasks): Promise<readonly string[]> {
    return this.#write((tx) => addHold(tx, holds), holds.now);
  }

  async removeHold(holds: HoldTasks): Promise<readonly string[]> {
    return this.#write((tx) => removeHold(tx, holds), holds.now);
  }

  async listInputs(flowId: string): Promise<readonly OutstandingInput[]> {
    const flow = this.#open.flows.get(flowId);
    return flow === undefined ? [] : listInputs(flow);
  }

  async answerInputs(answers: AnswerInputs): Promise<AnsweredInputs | null> {
    const flow = this.#flowOf(answers.flowId, answers.owner);
    if (flow === undefined) return null;
    return this.#write((tx) => answerInputs(tx, flow, answers), answers.now);
  }

  async previewOutputs(
    refs: readonly FlowTaskRef[],
    maxChars: number,
  ): Promise<readonly (OutputPreview | null)[]> {
    const tables = this.#open;
    return refs.map((ref) => previewOutput(tables.task(ref), maxChars));
  }

  async readOutputs(
    refs: readonly FlowTaskRef[],
    maxBytes: number,
  ): Promise<readonly StoredOutput[]> {
    const tables = this.#open;
    return readOutputs(
      refs.map((ref) => tables.task(ref)),
      maxBytes,
    );
  }

  async advance(tick: Tick): Promise<TickResult> {
    return this.#write((tx) => advance(tx, tick), tick.now, tick.runnerId);
  }

  async pruneFlows(prune: PruneFlows): Promise<PrunedFlows> {
    return pruneFlows(this.#open, prune);
  }

  async report(attempt: AttemptRef, what: Report): Promise<boolean> {
    return this.#write((tx) => report(tx, attempt, what));
  }

  async registerRunner(runner: NewRunner): Promise<void> {
    this.#write((tx) => registerRunner(tx, runner), runner.registeredAt);
  }

  async unregisterRunner(runnerId: RunnerId): Promise<void> {
    this.#write((tx) => unregisterRunner(tx, runnerId));
  }

  async listRunners(): Promise<readonly Runner[]> {
    return listRunners(this.#open);
  }

  async lostRunners(observer: RunnerId): Promise<readonly RunnerId[]> {
    return lostRunners(this.#open, observer);
  }

  async takeOver(take: TakeOver): Promise<readonly TakenAttempt[]> {
    return this.#write((tx) => takeOver(tx, take), take.now);
  }

  async ensureQueue(queue: NewQueue): Promise<Queue> {
    return this.#write((tx) => ensureQueue(tx, queue));
  }

  async getQueue(name: string): Promise<Queue | null> {
    return this.#open.queues.get(name)?.view() ?? null;
  }

  async setQueuePaused(name: string, paused: boolean): Promise<Queue | null> {
    return this.#write((tx) => setQueuePaused(tx, name, paused));
  }

  async createTask(task: Task, maxOwned: number): Promise<'created' | 'exists' | 'full'> {
    return this.#tasks.createTask(task, maxOwned);
  }

  async getTask(id: string, owner: string): Promise<Task | null> {
    return this.#tasks.getTask(id, owner);
  }

  async updateTask(next: Task, expectedVersion: number): Promise<boolean> {
    return this.#tasks.updateTask(next, expectedVersion);
  }

  async deleteTask(id: string, owner: string): Promise<void> {
    return this.#tasks.deleteTask(id, owner);
  }

  async listTasks(query: ListTasks): Promise<readonly Task[]> {
    return this.#tasks.listTasks(query);
  }

  async deleteExpiredTasks(now: EpochMs, limit: number): Promise<number> {
    return this.#tasks.deleteExpiredTasks(now, limit);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    void this.#open;
    return this.#hints.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#tables = null;
    this.#taskStore = null;
    this.#hints.close();
  }

  get #open(): Tables {
    return this.#tables ?? closed();
  }

  get #tasks(): MemoryTaskStore {
    return this.#taskStore ?? closed();
  }

  #flowOf(flowId: string, owner: string): FlowRecord | undefined {
    const flow = this.#open.flows.get(flowId);
    return flow?.owner === owner ? flow : undefined;
  }

  /** Commits what `work` does and tells of it. Calls that record no time leave `now` out. */
  #write<Result>(
    work: (tx: Transaction) => Result,
    now: EpochMs = 0,
    by: RunnerId | null = null,
  ): Result {
    const tx = new Transaction(this.#open, now);
    const result = work(tx);
    if (tx.wrote) this.#hints.publish({ by, flows: tx.changed() });
    return result;
  }
}

function closed(): never {
  throw new TaskedError('unavailable', 'the store is closed; open a new one');
}
