import type { FlowId, FlowTaskId, InputKey, JsonObject, JsonValue } from '@tasked/core';

/** What a function that runs as a task has of the engine. */
export interface FunctionContext {
  /** With `taskId` and `attempt` it makes idempotency keys: together the same for every run of one attempt. */
  readonly flowId: FlowId;
  readonly taskId: FlowTaskId;
  /** 1 for the first; a failure spends one, being suspended or resumed does not. */
  readonly attempt: number;
  /** Aborts when the task is cancelled, times out, or its process is about to stop. */
  readonly signal: AbortSignal;
  /** What an earlier run, or this one, saved last; null when nothing was saved. */
  readonly saved: JsonValue;
  /** Adds a line to the task's log. */
  log(line: string): void;
  /** Shows people how far it is; kept at most once a second. `fraction` goes from 0 to 1. */
  progress(message: string, fraction?: number): void;
  /**
   * Keeps a value (64 KiB of JSON at most) for whichever run comes next: after a failure, a crash, an answer, a snooze.
   * Durable when it resolves. Rejects with a `TaskedError`: `invalid_input`, `limit_exceeded`, or `illegal_transition`
   * when this run does not count any more.
   */
  save(value: JsonValue): Promise<void>;
  /**
   * Resolves with the answers when all of these inputs have one. Otherwise the run ends here, nothing of the task
   * runs while somebody thinks, and once all are answered the function is run again from its beginning, in any
   * process, where this call resolves at once. So: what comes before it is done once more, and a key means one question
   * for ever. `requests` are for whoever answers (for MCP an elicitation each).
   *
   * Rejects with an {@link InputTimeoutError} when `withinMs` have passed without all answers, and with a
   * `TaskedError` `invalid_input` for malformed keys or requests. How it ends the run is a {@link Suspension} that it
   * throws: `finally` blocks run; who catches it throws it on.
   */
  requireInput<Key extends InputKey>(
    requests: Readonly<Record<Key, JsonObject>>,
    options?: { readonly withinMs?: number },
  ): Promise<Readonly<Record<Key, JsonValue>>>;
  /** Ends the run here, to be run again from its beginning after so many milliseconds; throws a {@link Suspension}. */
  snooze(delayMs: number): never;
}
