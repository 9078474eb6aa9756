import type { TriggerRule } from '@tasked/core';

/**
 * A small history, as data. Numbers choose among what there is when their turn comes (a flow, a runner, an
 * attempt that is held), modulo how many there are.
 */
export interface Sequence {
  /** Slots of the two queues; null for no limit. */
  readonly slots: readonly (number | null)[];
  readonly runners: number;
  readonly commands: readonly Command[];
}

/** One call, or a step of time. */
export type Command =
  | { readonly do: 'submit'; readonly flow: FlowShape }
  | TickCommand
  | { readonly do: 'late-tick'; readonly runner: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'cancel'; readonly flow: number }
  | { readonly do: 'crash'; readonly runner: number }
  | { readonly do: 'take-over'; readonly runner: number; readonly limit: number }
  | { readonly do: 'prune'; readonly retentionMs: number; readonly limit: number }
  | { readonly do: 'pause'; readonly queue: number; readonly paused: boolean }
  | HoldCommand
  | AnswerCommand
  | ReportCommand;

/** An `advance`. */
export interface TickCommand {
  readonly do: 'tick';
  readonly runner: number;
  readonly settle: readonly SettleChoice[];
  readonly claim: {
    readonly limit: number;
    readonly executors: readonly string[];
    readonly queue: number | null;
  } | null;
}

/** Which attempt is settled, and how. */
export interface SettleChoice {
  readonly attempt: number;
  /** False to settle what somebody else may hold, or what this tick has settled. */
  readonly own: boolean;
  /** Off by how much the fence is. */
  readonly staleBy: number;
  readonly how: (typeof ENDS)[number];
  readonly delayMs: number;
  /** What `ask` asks for. */
  readonly keys: readonly string[];
  /** Whether that has a deadline, `delayMs` later. */
  readonly hasDeadline: boolean;
}

/** Answers inputs of a flow. */
export interface AnswerCommand {
  readonly do: 'answer';
  readonly flow: number;
  readonly answers: readonly { readonly task: number; readonly key: string }[];
  /** True to choose among tasks that asked for something. */
  readonly asked: boolean;
}

/** An attempt says how far it is, saves something, or both. */
export interface ReportCommand {
  readonly do: 'report';
  readonly attempt: number;
  readonly staleBy: number;
  readonly saved: number | null;
  readonly progress: { readonly message: string; readonly fraction: number | null } | null;
}

/** Puts one more hold on some tasks, or takes one away. */
export interface HoldCommand {
  readonly do: 'hold';
  readonly flow: number;
  readonly tasks: readonly number[];
  /** True to choose among tasks that have a hold. */
  readonly held: boolean;
  readonly change: 1 | -1;
}

/** A DAG. */
export interface FlowShape {
  readonly queue: number;
  readonly failFast: boolean;
  readonly ttlMs: number | null;
  /** True to submit the tasks last first, dependents before what they depend on. */
  readonly backwards: boolean;
  readonly tasks: readonly TaskShape[];
}

/** One task of a DAG; `dependsOn[n]` tells whether it depends on the n-th task before it. */
export interface TaskShape {
  readonly dependsOn: readonly boolean[];
  readonly executor: string;
  readonly rule: TriggerRule;
  readonly allowFailure: boolean;
  readonly priority: number;
  readonly retries: number;
  readonly holds: number;
}

/** How attempts may end; `fail` is tried again while the budget lasts. */
export const ENDS = [
  'succeed',
  'fail',
  'fail-for-good',
  'snooze',
  'release',
  'give-back',
  'stop',
  'ask',
] as const;

/** What tasks ask for. */
export const KEYS = ['name', 'size', 'constructor'] as const;

/** The executors that tasks name. */
export const EXECUTORS = ['noop', 'shell'] as const;
