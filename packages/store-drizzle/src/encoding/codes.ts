import type {
  AttemptEnd,
  FlowState,
  FlowTaskState,
  LogStream,
  SkipCause,
  TriggerRule,
} from '@tasked/core';

/*
 * How words of the model are stored: small numbers that stand in data files and in the partial indexes of
 * both schema.ts. They are never renumbered or reused.
 */

/** Codes of `flow_task.state`. Everything below `succeeded` has not ended. */
export const TASK = {
  blocked: 0,
  delayed: 1,
  ready: 2,
  running: 3,
  waiting: 4,
  succeeded: 5,
  failed: 6,
  cancelled: 7,
  skipped: 8,
} as const satisfies Record<FlowTaskState, number>;

/** Codes of `flow.state`. */
export const FLOW = {
  running: 0,
  succeeded: 1,
  failed: 2,
  cancelled: 3,
} as const satisfies Record<FlowState, number>;

/** Codes of `flow_task.rule`. */
export const RULE = {
  all_success: 0,
  none_failed: 1,
  any_failed: 2,
  all_done: 3,
} as const satisfies Record<TriggerRule, number>;

/** Codes of `flow_task.cause`. */
export const CAUSE = {
  upstream_failed: 0,
  upstream_skipped: 1,
  nothing_failed: 2,
} as const satisfies Record<SkipCause, number>;

/** Codes of `attempt.ended_as`. */
export const END = {
  succeeded: 0,
  failed: 1,
  retry: 2,
  snooze: 3,
  released: 4,
  stopped: 5,
  lost: 6,
  waiting: 7,
} as const satisfies Record<AttemptEnd, number>;

/**
 * Codes of `runner.presence`. `gone`: forgotten, kept for the attempts that name it. `leaving`: it
 * unregistered and left attempts behind. `here`: registered.
 */
export const PRESENCE = { gone: 0, leaving: 1, here: 2 } as const;

/** Codes of `log.stream`. */
export const STREAM = {
  stdout: 0,
  stderr: 1,
  log: 2,
} as const satisfies Record<LogStream, number>;

export const taskStateOf = decoder(TASK);
export const flowStateOf = decoder(FLOW);
export const ruleOf = decoder(RULE);
export const causeOf = decoder(CAUSE);
export const attemptEndOf = decoder(END);

function decoder<Word extends string>(codes: Record<Word, number>): (code: number) => Word {
  const words: Word[] = [];
  for (const word of Object.keys(codes) as Word[]) words[codes[word]] = word;
  return (code) => words[code] as Word;
}
