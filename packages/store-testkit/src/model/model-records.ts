import type {
  AttemptEnd,
  EpochMs,
  FlowState,
  FlowTaskState,
  JsonValue,
  NewFlow,
  NewFlowTask,
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
  /** Means something while it is delayed. */
  availableAt: EpochMs = 0;

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
    return this.state === 'delayed' && this.availableAt <= now;
  }

  get ended(): boolean {
    return ['succeeded', 'failed', 'cancelled', 'skipped'].includes(this.state);
  }

  /** True when its failure is one for the flow. */
  get fatal(): boolean {
    return this.state === 'failed' && !this.spec.allowFailure;
  }
}

/** An attempt as the reference model has it. */
export interface ModelAttempt {
  readonly runnerId: RunnerId;
  end: AttemptEnd | null;
  failure: TaskFailure | null;
}
