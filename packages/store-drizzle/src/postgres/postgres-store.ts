import type {
  AnsweredInputs,
  AnswerInputs,
  Attempt,
  AttemptRef,
  CancelFlow,
  ChangedFlow,
  Clock,
  CreateFlowResult,
  EpochMs,
  Flow,
  FlowChanges,
  FlowId,
  FlowTask,
  FlowTaskId,
  FlowTaskRef,
  Hint,
  HoldTasks,
  ListFlows,
  ListFlowTasks,
  ListTasks,
  NewFlow,
  NewQueue,
  NewRunner,
  OutputPreview,
  OutstandingInput,
  Owner,
  PrunedFlows,
  PruneFlows,
  Queue,
  QueueName,
  Report,
  Runner,
  RunnerId,
  Store,
  StoredOutput,
  TakenAttempt,
  TakeOver,
  Task,
  TaskId,
  Tick,
  TickResult,
} from '@tasked/core';
import { refuseHugeTick, TaskedError } from '@tasked/core';
import { PRESENCE } from '../encoding/codes.ts';
import { Advancing } from './advancing.ts';
import { listAttempts } from './attempts.ts';
import { Claims } from './claims.ts';
import { Creating } from './creating.ts';
import type { Database } from './database.ts';
import { FlowRecords } from './flow-records.ts';
import { FlowTaskRecords } from './flow-task-records.ts';
import type { Hints } from './hints.ts';
import { addHold, type Held, removeHold } from './holding.ts';
import { answerInputs, listInputs, report } from './inputs.ts';
import type { Line } from './line.ts';
import { Outputs } from './outputs.ts';
import { pruneFlows } from './pruning.ts';
import { Queues } from './queues.ts';
import type { Runners } from './runners.ts';
import { TakingOver } from './taking-over.ts';
import { TaskRecords } from './task-records.ts';
import { Ticks } from './ticks.ts';
import { Tidying } from './tidying.ts';

/** How many connections do ticks and creations as a rule: a runner has two ticks under way. */
const CONNECTIONS_FOR_TICKS = 2;

/** What a store is made of. */
export interface PostgresStoreParts {
  readonly db: Database;
  readonly line: Line;
  readonly runners: Runners;
  readonly hints: Hints;
  readonly clock: Clock;
}

interface EndedRow {
  readonly flow_id: FlowId;
  readonly flow_rev: number;
  readonly flow_ended: boolean;
}

/**
 * Flows, work, queues and tasks in one schema of a PostgreSQL database, shared by any number of processes and hosts.
 * Each call that writes is one transaction, and durable when it resolves. Made by `openPostgresStore`.
 */
export class PostgresStore implements Store {
  readonly clock: Clock;
  readonly #db: Database;
  readonly #line: Line;
  readonly #runners: Runners;
  readonly #hints: Hints;
  readonly #flows: FlowRecords;
  readonly #flowTasks: FlowTaskRecords;
  readonly #tasks: TaskRecords;
  readonly #queues: Queues;
  readonly #outputs: Outputs;
  readonly #creating: Creating;
  readonly #ticks: Ticks;
  readonly #takingOver: TakingOver;
  readonly #tidying: Tidying;
  #rehearsal: Promise<void> | null = null;

  constructor({ db, line, runners, hints, clock }: PostgresStoreParts) {
    this.clock = clock;
    this.#db = db;
    this.#line = line;
    this.#runners = runners;
    this.#hints = hints;
    this.#flows = new FlowRecords(db);
    this.#flowTasks = new FlowTaskRecords(db);
    this.#tasks = new TaskRecords(db);
    this.#queues = new Queues(db);
    this.#outputs = new Outputs(db);
    const claims = new Claims(db);
    this.#creating = new Creating(claims);
    this.#ticks = new Ticks(new Advancing(claims), claims.standing);
    this.#takingOver = new TakingOver(db);
    this.#tidying = new Tidying(db);
  }

  async advance(tick: Tick): Promise<TickResult> {
    refuseHugeTick(tick);
    const { result, wrote } = await this.#ticks.advance(tick);
    if (result.runner === 'lost') {
      await this.#runners.release(tick.runnerId);
      return result;
    }
    if (wrote) this.#hints.emit({ by: tick.runnerId, flows: result.changed });
    this.#tidying.claimed(result.claimed.length);
    return result;
  }

  readOutputs(refs: readonly FlowTaskRef[], maxBytes: number): Promise<readonly StoredOutput[]> {
    return this.#outputs.read(refs, maxBytes);
  }

  async report(attempt: AttemptRef, what: Report): Promise<boolean> {
    const { kept, changed } = await report(this.#db, attempt, what);
    if (changed.length > 0) this.#hints.emit({ by: null, flows: changed });
    return kept;
  }

  async registerRunner(runner: NewRunner): Promise<void> {
    await this.#runners.register(runner);
    this.#rehearsal ??= this.#db.rehearse(CONNECTIONS_FOR_TICKS);
    await this.#rehearsal;
  }

  async unregisterRunner(runnerId: RunnerId): Promise<void> {
    await this.#ticks.end(runnerId, this.clock.now());
    await this.#db.query('select @unregister_runner($1)', [runnerId]);
    await this.#runners.release(runnerId);
  }

  listRunners(): Promise<readonly Runner[]> {
    return this.#db.query<Runner>(
      `select id, name, host, pid, registered_at as "registeredAt",
         (select count(*)::integer from @held_by(r.key)) as attempts
       from @runner r where presence = ${PRESENCE.here} order by registered_at, key`,
    );
  }

  async lostRunners(observer: RunnerId): Promise<readonly RunnerId[]> {
    const lost = await this.#runners.lost(observer);
    return [...new Set([...lost, ...this.#takingOver.unanswered(observer)])];
  }

  async takeOver(take: TakeOver): Promise<readonly TakenAttempt[]> {
    const { taken, changed } = await this.#takingOver.takeOver(take);
    if (taken.length > 0) this.#hints.emit({ by: null, flows: changed });
    return taken;
  }

  async createFlow(flow: NewFlow): Promise<CreateFlowResult> {
    const { result, isGiven } = await this.#creating.create(flow);
    if (result.kind === 'created') {
      const created = { flowId: flow.id, rev: isGiven ? 2 : 1, ended: flow.tasks.length === 0 };
      this.#hints.emit({ by: null, flows: [created] }, { isForHere: isGiven });
    }
    return result;
  }

  async getFlow(flowId: FlowId, owner: Owner): Promise<Flow | null> {
    const flow = await this.#flows.get(flowId);
    return flow?.owner === owner ? flow : null;
  }

  listFlows(query: ListFlows): Promise<readonly Flow[]> {
    return this.#flows.list(query);
  }

  getFlowTask(ref: FlowTaskRef): Promise<FlowTask | null> {
    return this.#flowTasks.get(ref);
  }

  listFlowTasks(query: ListFlowTasks): Promise<readonly FlowTask[]> {
    return this.#flowTasks.list(query);
  }

  listAttempts(ref: FlowTaskRef): Promise<readonly Attempt[]> {
    return listAttempts(this.#db, ref);
  }

  async changesSince(flowId: FlowId, rev: number): Promise<FlowChanges | null> {
    // Two statements: a commit between them shows as a task whose rev is above that of the flow, or as a flow
    // whose tasks are all gone with it.
    for (;;) {
      const flow = await this.#flows.get(flowId);
      if (flow === null) return null;
      const tasks = await this.#flowTasks.changedSince(flowId, rev);
      if (tasks.some((task) => task.rev > flow.rev)) continue;
      const mayBeGone = tasks.length === 0 && flow.endedAt !== null;
      if (!mayBeGone || (await this.#flows.get(flowId)) !== null) return { flow, tasks };
    }
  }

  async cancelFlow({
    flowId,
    owner,
    now,
  }: CancelFlow): Promise<{ readonly cancelled: boolean; readonly flow: Flow } | null> {
    const rows = await this.#db.query<EndedRow>('select * from @cancel_flow($1, $2, $3)', [
      flowId,
      owner,
      now,
    ]);
    const cancelled = rows.length > 0;
    if (cancelled) this.#hints.emit({ by: null, flows: rows.map(changedFlowOf) });
    const flow = await this.getFlow(flowId, owner);
    return flow && { cancelled, flow };
  }

  async addHold(holds: HoldTasks): Promise<readonly FlowTaskId[]> {
    return this.#told(await addHold(this.#db, holds));
  }

  async removeHold(holds: HoldTasks): Promise<readonly FlowTaskId[]> {
    return this.#told(await removeHold(this.#db, holds));
  }

  listInputs(flowId: FlowId): Promise<readonly OutstandingInput[]> {
    return listInputs(this.#db, flowId);
  }

  async answerInputs(answers: AnswerInputs): Promise<AnsweredInputs | null> {
    const { answered, changed } = await answerInputs(this.#db, answers);
    if (changed.length > 0) this.#hints.emit({ by: null, flows: changed });
    return answered;
  }

  previewOutputs(
    refs: readonly FlowTaskRef[],
    maxChars: number,
  ): Promise<readonly (OutputPreview | null)[]> {
    return this.#outputs.preview(refs, maxChars);
  }

  pruneFlows(prune: PruneFlows): Promise<PrunedFlows> {
    return pruneFlows(this.#db, prune);
  }

  createTask(task: Task, maxOwned: number): Promise<'created' | 'exists' | 'full'> {
    return this.#tasks.create(task, maxOwned);
  }

  getTask(id: TaskId, owner: Owner): Promise<Task | null> {
    return this.#tasks.get(id, owner);
  }

  updateTask(next: Task, expectedVersion: number): Promise<boolean> {
    return this.#tasks.update(next, expectedVersion);
  }

  deleteTask(id: TaskId, owner: Owner): Promise<void> {
    return this.#tasks.delete(id, owner);
  }

  listTasks(query: ListTasks): Promise<readonly Task[]> {
    return this.#tasks.list(query);
  }

  deleteExpiredTasks(now: EpochMs, limit: number): Promise<number> {
    return this.#tasks.deleteExpired(now, limit);
  }

  ensureQueue(queue: NewQueue): Promise<Queue> {
    return this.#queues.ensure(queue);
  }

  getQueue(name: QueueName): Promise<Queue | null> {
    return this.#queues.get(name);
  }

  async setQueuePaused(name: QueueName, paused: boolean): Promise<Queue | null> {
    const changed = await this.#queues.setPaused(name, paused);
    if (changed) this.#hints.emit({ by: null, flows: [] });
    return this.#queues.get(name);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    if (this.#db.closed) throw new TaskedError('unavailable', 'the store was closed');
    return this.#hints.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#hints.close();
    if (!this.#db.closed) await this.#runners.close();
    await Promise.all([this.#db.close(), this.#line.close()]);
  }

  #told({ taskIds, changed }: Held): readonly FlowTaskId[] {
    if (changed.length > 0) this.#hints.emit({ by: null, flows: changed });
    return taskIds;
  }
}

function changedFlowOf({ flow_id, flow_rev, flow_ended }: EndedRow): ChangedFlow {
  return { flowId: flow_id, rev: flow_rev, ended: flow_ended };
}
