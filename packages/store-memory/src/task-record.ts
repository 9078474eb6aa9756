import type {
  Attempt,
  Dependent,
  EpochMs,
  FlowTask,
  FlowTaskState,
  NewFlowTask,
  Progress,
  RetryPolicy,
  SkipCause,
  TaskFailure,
  TriggerRule,
} from '@tasked/core';
import { encodeJson } from '@tasked/core';
import type { FlowRecord } from './flow-record.ts';
import type { InputRecord } from './inputs.ts';
import type { RunnerRecord } from './runner-record.ts';

/** Most tasks never ask for anything. */
const NO_INPUTS: ReadonlyMap<string, InputRecord> = new Map();

/** A task as the store keeps it; it is its own key, and its own counters, for `propagate`. */
export class TaskRecord implements Dependent<TaskRecord> {
  readonly flow: FlowRecord;
  readonly id: string;
  readonly index: number;
  readonly executor: string;
  readonly priority: number;
  readonly rule: TriggerRule;
  readonly allowFailure: boolean;
  readonly needs: readonly string[];
  readonly retry: RetryPolicy;
  readonly timeoutMs: number | null;
  readonly configText: string;
  readonly inputText: string;
  readonly dependents: TaskRecord[] = [];

  state: FlowTaskState = 'blocked';
  /** Dependencies and holds that are open. */
  open: number;
  failed = 0;
  skipped = 0;
  /** How many of `open` are holds. */
  holds: number;
  attempt = 0;
  fence = 0;
  failure: TaskFailure | null = null;
  cause: SkipCause | null = null;
  availableAt: EpochMs | null = null;
  progress: Progress | null = null;
  startedAt: EpochMs | null = null;
  endedAt: EpochMs | null = null;
  rev = 0;
  outputText: string | null = null;
  /** What it ever asked for, by key, in the order in which it asked. */
  inputs: ReadonlyMap<string, InputRecord> = NO_INPUTS;
  savedText: string | null = null;
  /** By fence; each row is replaced, never changed. */
  readonly attempts: Attempt[] = [];
  /** Whose slot it takes: a runner's while it runs, and after a cancel until it is settled. */
  holder: RunnerRecord | null = null;

  constructor(flow: FlowRecord, task: NewFlowTask, index: number) {
    this.flow = flow;
    this.id = task.id;
    this.index = index;
    this.executor = task.executor;
    this.priority = task.priority;
    this.rule = task.triggerRule;
    this.allowFailure = task.allowFailure;
    this.needs = Object.freeze([...task.needs]);
    this.retry = Object.freeze({ ...task.retry });
    this.timeoutMs = task.timeoutMs;
    this.configText = encodeJson(task.config, `the config of task ${task.id}`);
    this.inputText = encodeJson(task.input, `the input of task ${task.id}`);
    this.open = task.dependsOn.length + task.holds;
    this.holds = task.holds;
  }

  get key(): this {
    return this;
  }

  get blocked(): boolean {
    return this.state === 'blocked';
  }

  get flowSeq(): number {
    return this.flow.seq;
  }

  /** What callers see of it now. */
  view(): FlowTask {
    return {
      flowId: this.flow.id,
      id: this.id,
      index: this.index,
      executor: this.executor,
      state: this.state,
      priority: this.priority,
      triggerRule: this.rule,
      allowFailure: this.allowFailure,
      attempt: this.attempt,
      fence: this.fence,
      failure: this.failure,
      cause: this.cause,
      availableAt: this.availableAt,
      progress: this.progress,
      startedAt: this.startedAt,
      endedAt: this.endedAt,
      rev: this.rev,
    };
  }
}
