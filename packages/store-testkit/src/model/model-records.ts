import type {
  AttemptEnd,
  EpochMs,
  FlowState,
  FlowTaskState,
  InputKey,
  JsonObject,
  JsonValue,
  NewFlow,
  NewFlowTask,
  Progress,
  RunnerId,
  SkipCause,
  TaskFailure,
  TriggerRule,
} from '@tasked/core';

/** A queue as the reference model has it. */
export interface ModelQueue {
  /** Infinite for no limit. */
  readonly concurrency: number;
  paused: boolean;
}

/** A flow as the reference model has it. */
export class ModelFlow {
  readonly spec: NewFlow;
  readonly tasks: readonly ModelTask[];
  state: FlowState = 'running';
  /** Null while it runs. */
  endedAt: EpochMs | null = null;

  constructor(spec: NewFlow) {
    this.spec = spec;
    this.tasks = spec.tasks.map((task, index) => new ModelTask(this, task, index));
  }
}

/** A task as the reference model has it. */
export class ModelTask {
  readonly flow: ModelFlow;
  readonly spec: NewFlowTask;
  readonly index: number;
  readonly rule: TriggerRule;
  state: FlowTaskState = 'blocked';
  cause: SkipCause | null = null;
  holds: number;
  /** What is spent of its budget. */
  attempt = 0;
  /** Every attempt; the fence of the n-th is n. */
  readonly attempts: ModelAttempt[] = [];
  output: JsonValue | undefined = undefined;
  /** When a delayed task, or a waiting one with a deadline, goes on. */
  availableAt: EpochMs | null = null;
  /** Everything that it ever asked for, in that order. */
  readonly inputs = new Map<InputKey, ModelInput>();
  saved: JsonValue = null;
  /** What its attempt said last; means something while it runs. */
  progress: Progress | null = null;
  /** How often any attempt said something: each time is a change. */
  reports = 0;

  constructor(flow: ModelFlow, spec: NewFlowTask, index: number) {
    this.flow = flow;
    this.spec = spec;
    this.index = index;
    this.rule = spec.triggerRule;
    this.holds = spec.holds;
  }

  /** The attempt that takes a slot: while it runs, and after a cancel until it has stopped. */
  get held(): ModelAttempt | undefined {
    const last = this.attempts.at(-1);
    return last?.end === null ? last : undefined;
  }

  /** What it depends on. */
  get above(): readonly ModelTask[] {
    return this.flow.tasks.filter(({ spec }) => this.spec.dependsOn.includes(spec.id));
  }

  /** Why it failed last. */
  get failure(): TaskFailure | null {
    if (this.state === 'succeeded') return null;
    return this.attempts.findLast(({ failure }) => failure !== null)?.failure ?? null;
  }

  isDue(now: EpochMs): boolean {
    const { state, availableAt } = this;
    const mayBeDue = state === 'delayed' || state === 'waiting';
    return mayBeDue && availableAt !== null && availableAt <= now;
  }

  get ended(): boolean {
    return ['succeeded', 'failed', 'cancelled', 'skipped'].includes(this.state);
  }

  /** True when its failure is one for the flow. */
  get fatal(): boolean {
    return this.state === 'failed' && !this.spec.allowFailure;
  }
}

/** An input as the reference model has it. */
export interface ModelInput {
  readonly request: JsonObject;
  answer: JsonValue | undefined;
  /** True while it may be answered, as long as its task waits. */
  isOpen: boolean;
}

/** An attempt as the reference model has it. */
export interface ModelAttempt {
  readonly runnerId: RunnerId;
  end: AttemptEnd | null;
  failure: TaskFailure | null;
}
