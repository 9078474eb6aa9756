import type { InputKey, JsonObject, JsonValue, TaskId } from '@tasked/core';
import type { FunctionContext } from '@tasked/dag-engine';
import { type Elicitation, type ElicitationAnswer, inputRequestOf } from './elicitation.ts';

/** What a durable tool has of the engine while it runs. */
export interface DurableToolContext {
  /** The id of the call's task, the same for all its attempts: with `attempt` it makes idempotency keys. */
  readonly taskId: TaskId;
  /** 1 for the first; a failure spends one, being suspended or resumed does not. */
  readonly attempt: number;
  /** Aborts when the task is cancelled, times out, or its process is about to stop; never because a client went away. */
  readonly signal: AbortSignal;
  /** What an earlier run, or this one, saved last; null when nothing was saved. */
  readonly saved: JsonValue;
  /** Adds a line to the task's log. */
  log(line: string): void;
  /** Shows people and clients how far it is; kept at most once a second. `fraction` goes from 0 to 1. */
  progress(message: string, fraction?: number): void;
  /** See `FunctionContext.save`. */
  save(value: JsonValue): Promise<void>;
  /**
   * Asks whoever called, and resolves with what they answered; see `FunctionContext.requireInput` for what becomes of the
   * run meanwhile. A form that was declined is answered too: look at `action`.
   */
  requireInput<Key extends InputKey>(
    asked: Readonly<Record<Key, Elicitation>>,
    options?: { readonly withinMs?: number },
  ): Promise<Readonly<Record<Key, ElicitationAnswer>>>;
  /** Ends the run here, to be run again from its beginning after so many milliseconds. */
  snooze(delayMs: number): never;
}

/** One run of a tool, on what a function has that runs as a task. Its methods may be taken out of it. */
export class RunningTool implements DurableToolContext {
  readonly #ctx: FunctionContext;

  constructor(ctx: FunctionContext) {
    this.#ctx = ctx;
  }

  get taskId(): TaskId {
    return this.#ctx.flowId;
  }

  get attempt(): number {
    return this.#ctx.attempt;
  }

  get signal(): AbortSignal {
    return this.#ctx.signal;
  }

  get saved(): JsonValue {
    return this.#ctx.saved;
  }

  readonly log = (line: string): void => {
    this.#ctx.log(line);
  };

  readonly progress = (message: string, fraction?: number): void => {
    this.#ctx.progress(message, fraction);
  };

  readonly save = (value: JsonValue): Promise<void> => this.#ctx.save(value);

  readonly snooze = (delayMs: number): never => this.#ctx.snooze(delayMs);

  readonly requireInput = <Key extends InputKey>(
    asked: Readonly<Record<Key, Elicitation>>,
    options?: { readonly withinMs?: number },
  ): Promise<Readonly<Record<Key, ElicitationAnswer>>> => {
    const answers = this.#requireInput(asked, options);
    // A call that nobody waits for suspends the run all the same, and must not end the process.
    answers.catch(() => {});
    return answers;
  };

  async #requireInput<Key extends InputKey>(
    asked: Readonly<Record<Key, Elicitation>>,
    options?: { readonly withinMs?: number },
  ): Promise<Readonly<Record<Key, ElicitationAnswer>>> {
    const requests = Object.fromEntries(
      Object.entries<Elicitation>(asked).map(([key, each]) => [key, inputRequestOf(key, each)]),
    ) as Record<Key, JsonObject>;
    const answers = await this.#ctx.requireInput(requests, options);
    // Clients answer by the protocol; what they send is not checked any further.
    return answers as unknown as Readonly<Record<Key, ElicitationAnswer>>;
  }
}
