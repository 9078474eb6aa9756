import {
  type CancelFlow,
  type Clock,
  type Executor,
  type Flow,
  type FlowId,
  type FlowTask,
  type FlowTaskId,
  type FlowTaskRef,
  type IdSource,
  type JsonValue,
  type ListFlows,
  type ListFlowTasks,
  type NewFlow,
  type NewQueue,
  type OutputPreview,
  type Owner,
  type QueueName,
  randomIds,
  type Store,
  systemClock,
  TaskedError,
  type Warning,
} from '@tasked/core';
import { executorsByType } from './executors-by-type.ts';
import { flowAsCreated } from './flow-as-created.ts';
import {
  type Answers,
  type AnswersTaken,
  answerFlowInputs,
  type FlowInput,
  listFlowInputs,
} from './flow-inputs.ts';
import { KnownQueues } from './known-queues.ts';
import type { FlowSpec } from './spec/flow-spec.ts';
import { flowWarnings } from './spec/flow-warnings.ts';
import { parseFlowSpec, rejectionError } from './spec/parse-flow-spec.ts';
import { type Call, callSpec, planCall } from './spec/plan-call.ts';
import { type PlanFlow, planFlow, planQueue } from './spec/plan-flow.ts';
import { waitForNews } from './wait-for-news.ts';

/** What the service is made of. */
export interface FlowsOptions {
  readonly store: Store;
  /** Executors that submitted tasks may name; their `check` and `pin` are used, nothing is run. */
  readonly executors: readonly Executor[];
  readonly clock?: Clock;
  readonly ids?: IdSource;
}

/** How to keep a flow. */
export interface SubmitOptions {
  /** From its creation on it is kept at least so long; null, and so if omitted, adds nothing to the retention. */
  readonly ttlMs?: number | null;
}

/** What a submit came to. */
export interface Submission {
  readonly flow: Flow;
  /** False when the idempotency key was used before for the same flow, which this is. */
  readonly created: boolean;
  /** What is likely to go otherwise than expected; it stops nothing. */
  readonly warnings: readonly Warning[];
}

/** What a submit would come to. */
export interface Validation {
  readonly queue: QueueName;
  readonly taskCount: number;
  readonly warnings: readonly Warning[];
}

/** How long to wait for news of a flow. */
export interface WaitOptions {
  readonly timeoutMs: number;
  /**
   * The flow as the caller saw it last: what has happened since is news. Omitted: a flow that waits for input is news by
   * itself, anything else once it happens.
   */
  readonly since?: Flow;
  readonly signal?: AbortSignal;
}

/**
 * Submits flows and tells what became of them; runs nothing. Every method takes the owner and acts on
 * that owner's flows only: any other is `not_found`, word for word as if it did not exist.
 */
export class Flows {
  readonly #store: Store;
  readonly #queues: KnownQueues;
  readonly #executors: ReadonlyMap<string, Executor>;
  readonly #clock: Clock;
  readonly #ids: IdSource;

  constructor(options: FlowsOptions) {
    this.#store = options.store;
    this.#queues = new KnownQueues(options.store);
    this.#executors = executorsByType(options.executors);
    this.#clock = options.clock ?? systemClock;
    this.#ids = options.ids ?? randomIds;
  }

  /**
   * Creates a flow from what a client sent (the JSON of a FlowSpec). Resolves after the commit that makes
   * it real. Throws `invalid_input` with every fault in `details.faults`, `unsupported` for what is not
   * built yet, `limit_exceeded` for too many tasks, `already_exists` when the idempotency key was used
   * for another flow.
   */
  async submit(input: unknown, owner: Owner, options: SubmitOptions = {}): Promise<Submission> {
    const spec = this.#accept(input);
    if (spec.validate_only) throw onlyToBeValidated();
    return this.#queues.with(planQueue(spec), async (defaults) => {
      const planned = { ...this.#plan(spec, owner, defaults), ttlMs: options.ttlMs ?? null };
      const warnings = await flowWarnings(planned, this.#executors);
      return { ...(await this.#create(planned)), warnings };
    });
  }

  /**
   * Creates a flow of one task for a call of what some runner can run; it need not be among these executors, so that
   * nobody can name in a submitted flow what only calls may reach. Resolves after the commit. `created` is false when
   * its key was used before, within its period. Throws `invalid_input`, `limit_exceeded`.
   */
  async submitCall(call: Call, owner: Owner, options: SubmitOptions = {}): Promise<Submission> {
    const spec = callSpec(call.executor, call);
    return this.#queues.with(planQueue(spec), async (defaults) => {
      const planned = planCall(call, this.#planOf(spec, owner, defaults));
      const created = await this.#create({ ...planned, ttlMs: options.ttlMs ?? null });
      return { ...created, warnings: [] };
    });
  }

  async #create(planned: NewFlow): Promise<Omit<Submission, 'warnings'>> {
    const { kind, flowId } = await this.#store.createFlow(planned);
    if (kind === 'conflict') throw keyConflict(planned.idempotency?.key ?? '', flowId);
    if (kind === 'created') return { flow: flowAsCreated(planned), created: true };
    return { flow: await this.get(flowId, planned.owner), created: false };
  }

  /**
   * Says what `submit` would say, faults and warnings, and creates nothing, not even the queue. Whether the
   * idempotency key is free is not looked at.
   */
  async validate(input: unknown, owner: Owner): Promise<Validation> {
    const spec = this.#accept(input);
    const queue = planQueue(spec);
    const existing = await this.#store.getQueue(queue.name);
    const planned = this.#plan(spec, owner, (existing ?? queue).defaults);
    const warnings = await flowWarnings(planned, this.#executors);
    return { queue: queue.name, taskCount: planned.tasks.length, warnings };
  }

  /** The flow. Throws `not_found`. */
  async get(flowId: FlowId, owner: Owner): Promise<Flow> {
    const flow = await this.#store.getFlow(flowId, owner);
    if (flow === null) throw flowNotFound(flowId);
    return flow;
  }

  /** Flows of an owner, newest first. */
  list(query: ListFlows): Promise<readonly Flow[]> {
    return this.#store.listFlows(query);
  }

  /** Tasks of a flow, by index. Throws `not_found`. */
  async listTasks(query: ListFlowTasks, owner: Owner): Promise<readonly FlowTask[]> {
    await this.get(query.flowId, owner);
    return await this.#store.listFlowTasks(query);
  }

  /** Tasks of a flow that its owner has read, by index. */
  tasksOf(flow: Flow, query: Omit<ListFlowTasks, 'flowId'>): Promise<readonly FlowTask[]> {
    return this.#store.listFlowTasks({ ...query, flowId: flow.id });
  }

  /** One task of a flow. Throws `not_found`. */
  async getTask(flowId: FlowId, taskId: FlowTaskId, owner: Owner): Promise<FlowTask> {
    await this.get(flowId, owner);
    const task = await this.#store.getFlowTask({ flowId, taskId });
    if (task === null) {
      throw new TaskedError('not_found', `flow ${flowId} has no task "${taskId}"`);
    }
    return task;
  }

  /** The whole output of a task; null when it has none. Throws `not_found`. */
  async readOutput(flowId: FlowId, taskId: FlowTaskId, owner: Owner): Promise<JsonValue> {
    await this.getTask(flowId, taskId, owner);
    return await this.#readOutput({ flowId, taskId });
  }

  /** The whole output of a task of a flow that its owner has read; null when it has none. */
  outputOf(flow: Flow, taskId: FlowTaskId): Promise<JsonValue> {
    return this.#readOutput({ flowId: flow.id, taskId });
  }

  async #readOutput(task: FlowTaskRef): Promise<JsonValue> {
    const [stored] = await this.#store.readOutputs([task], Number.MAX_SAFE_INTEGER);
    return stored?.kind === 'output' ? stored.value : null;
  }

  /** The beginnings of several outputs of one flow, in the order of `taskIds`. Throws `not_found`. */
  async previewOutputs(
    flow: {
      readonly flowId: FlowId;
      readonly taskIds: readonly FlowTaskId[];
      readonly owner: Owner;
    },
    maxChars: number,
  ): Promise<readonly (OutputPreview | null)[]> {
    const { flowId, taskIds, owner } = flow;
    await this.get(flowId, owner);
    return await this.#store.previewOutputs(
      taskIds.map((taskId) => ({ flowId, taskId })),
      maxChars,
    );
  }

  /** Cancels a flow; `cancelled` is false when it had ended before. Throws `not_found`. */
  async cancel(
    flowId: FlowId,
    owner: Owner,
  ): Promise<{ readonly cancelled: boolean; readonly flow: Flow }> {
    const cancel: CancelFlow = { flowId, owner, now: this.#clock.now() };
    const result = await this.#store.cancelFlow(cancel);
    if (result === null) throw flowNotFound(flowId);
    return result;
  }

  /** What the flow asks for now, by the index of the task. Throws `not_found`. */
  async listInputs(flowId: FlowId, owner: Owner): Promise<readonly FlowInput[]> {
    return await listFlowInputs(this.#store, await this.get(flowId, owner));
  }

  /**
   * Answers inputs, by their addresses (`FlowInput.address`). Only what is outstanding is taken, each once; the others
   * may be answered later. What was not taken is told, and harmless. Durable when it resolves. Throws `not_found`,
   * `invalid_input` for an answer that is no JSON, `limit_exceeded` for one of more than 64 KiB; then none was taken.
   */
  async answerInputs(flowId: FlowId, owner: Owner, answers: Answers): Promise<AnswersTaken> {
    const flow = await this.get(flowId, owner);
    return await answerFlowInputs(this.#store, flow, { answers, now: this.#clock.now() });
  }

  /**
   * Waits until the flow has ended, a further task has failed, or input is needed, but at
   * most `timeoutMs`; returns the flow as it is then. Throws `not_found`.
   */
  wait(flowId: FlowId, owner: Owner, options: WaitOptions): Promise<Flow> {
    return waitForNews({
      store: this.#store,
      clock: this.#clock,
      flowId,
      read: () => this.get(flowId, owner),
      ...options,
    });
  }

  #accept(input: unknown): FlowSpec {
    const parsed = parseFlowSpec(input, { executors: this.#executors });
    if (parsed.kind === 'rejected') throw rejectionError(parsed);
    return parsed.spec;
  }

  #plan(spec: FlowSpec, owner: Owner, defaults: NewQueue['defaults']): NewFlow {
    return planFlow(this.#planOf(spec, owner, defaults));
  }

  #planOf(spec: FlowSpec, owner: Owner, defaults: NewQueue['defaults']): PlanFlow {
    const id = this.#ids.flowId();
    const now = this.#clock.now();
    return { spec, id, owner, now, defaults, executors: this.#executors };
  }
}

function onlyToBeValidated(): TaskedError {
  const message = 'validate_only is set: validate the flow, or leave it out to submit the flow';
  return new TaskedError('invalid_input', message);
}

function flowNotFound(flowId: FlowId): TaskedError {
  return new TaskedError('not_found', `there is no flow "${flowId}"`);
}

function keyConflict(key: string, flowId: FlowId): TaskedError {
  const message =
    `the idempotency key "${key}" was used for another flow (${flowId}); ` +
    'send the same flow again, or use a new key';
  return new TaskedError('already_exists', message, { details: { flow_id: flowId } });
}
