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
  type FlowId,
  type FlowTask,
  type FlowTaskId,
  type FlowTaskRef,
  type Hint,
  type HoldTasks,
  type ListFlows,
  type ListFlowTasks,
  type ListTasks,
  type Logger,
  type NewFlow,
  type NewQueue,
  type NewRunner,
  type OutputPreview,
  type OutstandingInput,
  type Owner,
  type PrunedFlows,
  type PruneFlows,
  type Queue,
  type QueueName,
  type Report,
  type Runner,
  type RunnerId,
  refuseHugeTick,
  type Store,
  type StoredOutput,
  type TakenAttempt,
  type TakeOver,
  type Task,
  TaskedError,
  type TaskId,
  type Tick,
  type TickResult,
} from '@tasked/core';
import type { Database } from 'better-sqlite3';
import { FLOW, PRESENCE } from '../encoding/codes.ts';
import { encodeAnswers } from '../encoding/encoded-answers.ts';
import { encodeReport } from '../encoding/encoded-report.ts';
import { encodeSettlement } from '../encoding/encoded-settlement.ts';
import { encodeTasks } from '../encoding/encoded-task.ts';
import { taskRowOf } from '../encoding/task-row.ts';
import { Answering } from './answering.ts';
import { Attempts } from './attempts.ts';
import { Creating } from './creating.ts';
import type { OpenDatabase } from './database.ts';
import { FlowRecords } from './flow-records.ts';
import { FlowTaskRecords } from './flow-task-records.ts';
import { Hints } from './hints.ts';
import { Holding } from './holding.ts';
import { Inputs } from './inputs.ts';
import { Lanes } from './lanes.ts';
import { Outputs } from './outputs.ts';
import { Pruning } from './pruning.ts';
import { Queues } from './queues.ts';
import { Reporting } from './reporting.ts';
import type { RunnerLocks } from './runner-locks.ts';
import { Runners } from './runners.ts';
import { TakingOver } from './taking-over.ts';
import { TaskRecords } from './task-records.ts';
import { Advancing } from './tick/advancing.ts';
import { Cancelling } from './tick/cancelling.ts';
import { Following } from './tick/following.ts';
import { Ledger } from './tick/ledger.ts';
import { LedgerStatements } from './tick/ledger-statements.ts';
import type { Transactions } from './transactions.ts';

/** What a store is made of. */
export interface SqliteStoreParts extends OpenDatabase {
  readonly locks: RunnerLocks;
  readonly logger: Logger | undefined;
}

/**
 * Flows, work, queues and tasks in one SQLite file, shared by the processes of one machine. Each call is one
 * transaction, and durable when it resolves. Made by `openSqliteStore`.
 */
export class SqliteStore implements Store {
  readonly #db: Database;
  readonly #transactions: Transactions;
  readonly #locks: RunnerLocks;
  readonly #ledgers: LedgerStatements;
  readonly #runners: Runners;
  readonly #queues: Queues;
  readonly #flows: FlowRecords;
  readonly #flowTasks: FlowTaskRecords;
  readonly #attempts: Attempts;
  readonly #outputs: Outputs;
  readonly #inputs: Inputs;
  readonly #answering: Answering;
  readonly #reporting: Reporting;
  readonly #creating: Creating;
  readonly #cancelling: Cancelling;
  readonly #holding: Holding;
  readonly #takingOver: TakingOver;
  readonly #pruning: Pruning;
  readonly #tasks: TaskRecords;
  readonly #advancing: Advancing;
  readonly #hints: Hints;

  constructor({ db, transactions, locks, logger }: SqliteStoreParts) {
    const lanes = new Lanes(db);
    const following = new Following(db);
    this.#db = db;
    this.#transactions = transactions;
    this.#locks = locks;
    this.#ledgers = new LedgerStatements(db);
    this.#runners = new Runners(db);
    this.#queues = new Queues(db);
    this.#flows = new FlowRecords(db);
    this.#flowTasks = new FlowTaskRecords(db, lanes);
    this.#attempts = new Attempts(db);
    this.#outputs = new Outputs(db);
    this.#inputs = new Inputs(db);
    this.#answering = new Answering(db, this.#inputs);
    this.#reporting = new Reporting(db, this.#inputs);
    this.#creating = new Creating(db, lanes);
    this.#cancelling = new Cancelling(db);
    this.#holding = new Holding(db, following);
    this.#takingOver = new TakingOver(db, {
      runners: this.#runners,
      lanes,
      attempts: this.#attempts,
    });
    this.#pruning = new Pruning(db);
    this.#tasks = new TaskRecords(db);
    this.#advancing = new Advancing(db, {
      ledgers: this.#ledgers,
      attempts: this.#attempts,
      inputs: this.#inputs,
      cancelling: this.#cancelling,
      lanes,
      following,
    });
    this.#hints = new Hints(db, {
      othersRun: () => this.#runners.known().some(({ id }) => !locks.holds(id)),
      onError: (error) => logger?.error('a hint could not be given', { error }),
    });
  }

  async advance(tick: Tick): Promise<TickResult> {
    refuseHugeTick(tick);
    const settle = tick.settle.map(encodeSettlement);
    const idle =
      settle.length === 0 ? await this.#transactions.read(() => this.#advancing.idle(tick)) : null;
    const { result, wrote } = idle
      ? { result: idle, wrote: false }
      : await this.#transactions.writeTick(() => this.#advancing.advance(tick, settle));
    if (result.runner === 'lost') this.#locks.release(tick.runnerId);
    else if (wrote) this.#hints.emit({ by: tick.runnerId, flows: result.changed });
    return result;
  }

  readOutputs(refs: readonly FlowTaskRef[], maxBytes: number): Promise<readonly StoredOutput[]> {
    return this.#transactions.read(() => this.#outputs.read(refs, maxBytes));
  }

  async report(attempt: AttemptRef, report: Report): Promise<boolean> {
    const encoded = encodeReport(report);
    return this.#change(0, (ledger) => this.#reporting.report(attempt, encoded, ledger));
  }

  async registerRunner(runner: NewRunner): Promise<void> {
    await this.#locks.hold(runner.id);
    try {
      const known = await this.#transactions.write(() => {
        this.#runners.insert(runner);
        return this.#runners.known();
      });
      this.#locks.sweep(new Set(known.map(({ id }) => id)));
    } catch (error) {
      this.#locks.release(runner.id);
      throw error;
    }
  }

  async unregisterRunner(runnerId: RunnerId): Promise<void> {
    await this.#transactions.write(() => this.#runners.leave(runnerId));
    this.#locks.release(runnerId);
  }

  listRunners(): Promise<readonly Runner[]> {
    return this.#transactions.read(() => this.#runners.list());
  }

  async lostRunners(observer: RunnerId): Promise<readonly RunnerId[]> {
    const known = await this.#transactions.read(() => this.#runners.known());
    return known
      .filter(({ id }) => id !== observer)
      .filter(({ id, presence }) => presence === PRESENCE.leaving || this.#locks.isDead(id))
      .map(({ id }) => id);
  }

  takeOver(take: TakeOver): Promise<readonly TakenAttempt[]> {
    return this.#change(take.now, (ledger) => this.#takingOver.takeOver(take, ledger));
  }

  async createFlow(flow: NewFlow): Promise<CreateFlowResult> {
    const tasks = encodeTasks(flow.tasks);
    const result = await this.#transactions.write(() => this.#creating.create(flow, tasks));
    if (result.kind === 'created') {
      const created = { flowId: flow.id, rev: 1, ended: tasks.length === 0 };
      this.#hints.emit({ by: null, flows: [created] });
    }
    return result;
  }

  getFlow(flowId: FlowId, owner: Owner): Promise<Flow | null> {
    return this.#transactions.read(() => {
      const flow = this.#flows.get(flowId);
      return flow?.owner === owner ? flow : null;
    });
  }

  listFlows(query: ListFlows): Promise<readonly Flow[]> {
    return this.#transactions.read(() => this.#flows.list(query));
  }

  getFlowTask(ref: FlowTaskRef): Promise<FlowTask | null> {
    return this.#transactions.read(() => this.#flowTasks.get(ref));
  }

  listFlowTasks(query: ListFlowTasks): Promise<readonly FlowTask[]> {
    return this.#transactions.read(() => this.#flowTasks.list(query));
  }

  listAttempts(ref: FlowTaskRef): Promise<readonly Attempt[]> {
    return this.#transactions.read(() => {
      const key = this.#flowTasks.keyOf(ref);
      return key === null ? [] : this.#attempts.list(key);
    });
  }

  changesSince(flowId: FlowId, rev: number): Promise<FlowChanges | null> {
    return this.#transactions.read(() => {
      const flow = this.#flows.get(flowId);
      return flow && { flow, tasks: this.#flowTasks.changedSince(flowId, rev) };
    });
  }

  async cancelFlow({
    flowId,
    owner,
    now,
  }: CancelFlow): Promise<{ readonly cancelled: boolean; readonly flow: Flow } | null> {
    const cancelled = await this.#change(now, (ledger) => {
      const flow = ledger.flowById(flowId);
      if (flow?.owner !== owner || flow.state !== FLOW.running) return false;
      this.#cancelling.cancelRest(flow, 'cancelled', { ledger, now });
      return true;
    });
    const flow = await this.getFlow(flowId, owner);
    return flow && { cancelled, flow };
  }

  addHold(holds: HoldTasks): Promise<readonly FlowTaskId[]> {
    return this.#change(holds.now, (ledger) => this.#holding.add(holds, ledger));
  }

  removeHold(holds: HoldTasks): Promise<readonly FlowTaskId[]> {
    return this.#change(holds.now, (ledger) => this.#holding.remove(holds, ledger));
  }

  listInputs(flowId: FlowId): Promise<readonly OutstandingInput[]> {
    return this.#transactions.read(() => this.#inputs.list(flowId));
  }

  async answerInputs(answers: AnswerInputs): Promise<AnsweredInputs | null> {
    const texts = encodeAnswers(answers);
    return this.#change(answers.now, (ledger) => this.#answering.answer(answers, texts, ledger));
  }

  previewOutputs(
    refs: readonly FlowTaskRef[],
    maxChars: number,
  ): Promise<readonly (OutputPreview | null)[]> {
    return this.#transactions.read(() => this.#outputs.preview(refs, maxChars));
  }

  pruneFlows(prune: PruneFlows): Promise<PrunedFlows> {
    return this.#transactions.write(() => this.#pruning.prune(prune));
  }

  createTask(task: Task, maxOwned: number): Promise<'created' | 'exists' | 'full'> {
    const row = taskRowOf(task);
    return this.#transactions.write(() => this.#tasks.create(row, maxOwned));
  }

  getTask(id: TaskId, owner: Owner): Promise<Task | null> {
    return this.#transactions.read(() => this.#tasks.get(id, owner));
  }

  updateTask(next: Task, expectedVersion: number): Promise<boolean> {
    const row = taskRowOf(next);
    return this.#transactions.write(() => this.#tasks.update(row, expectedVersion));
  }

  deleteTask(id: TaskId, owner: Owner): Promise<void> {
    return this.#transactions.write(() => this.#tasks.delete(id, owner));
  }

  listTasks(query: ListTasks): Promise<readonly Task[]> {
    return this.#transactions.read(() => this.#tasks.list(query));
  }

  deleteExpiredTasks(now: EpochMs, limit: number): Promise<number> {
    return this.#transactions.write(() => this.#tasks.deleteExpired(now, limit));
  }

  async ensureQueue(queue: NewQueue): Promise<Queue> {
    const existing = await this.getQueue(queue.name);
    return existing ?? this.#transactions.write(() => this.#queues.ensure(queue));
  }

  getQueue(name: QueueName): Promise<Queue | null> {
    return this.#transactions.read(() => this.#queues.get(name));
  }

  async setQueuePaused(name: QueueName, paused: boolean): Promise<Queue | null> {
    const changed = await this.#transactions.write(() => this.#queues.setPaused(name, paused));
    if (changed) this.#hints.emit({ by: null, flows: [] });
    return this.getQueue(name);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    if (!this.#db.open) throw new TaskedError('unavailable', 'the store was closed');
    return this.#hints.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#hints.close();
    this.#locks.releaseAll();
    this.#db.close();
  }

  /** A write that may change flows. */
  async #change<T>(now: EpochMs, work: (ledger: Ledger) => T): Promise<T> {
    const { result, closed } = await this.#transactions.write(() => {
      const ledger = new Ledger(this.#ledgers);
      const result = work(ledger);
      return { result, closed: ledger.close(now) };
    });
    if (closed.wrote) this.#hints.emit({ by: null, flows: closed.changed });
    return result;
  }
}
