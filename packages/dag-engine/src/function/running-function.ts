import {
  type AttemptContext,
  type InputKey,
  type JsonObject,
  type JsonValue,
  TaskedError,
} from '@tasked/core';
import { inputFlaw } from '../input-flaw.ts';
import type { FunctionContext } from './function-context.ts';
import { InputTimeoutError } from './input-timeout-error.ts';
import { joined, type SuspendedOutcome, Suspension } from './suspension.ts';

/** One run of a function: what it sees, and whether it was suspended. What the function calls may be taken out of it. */
export class RunningFunction implements FunctionContext {
  readonly #attempt: AttemptContext;
  #saved: JsonValue;
  #suspended: SuspendedOutcome | null = null;

  constructor(attempt: AttemptContext) {
    this.#attempt = attempt;
    this.#saved = attempt.resume.saved;
  }

  /** How it was suspended; null while it was not. Whatever the function does then does not count. */
  get suspended(): SuspendedOutcome | null {
    return this.#suspended;
  }

  get flowId() {
    return this.#attempt.ref.flowId;
  }

  get taskId() {
    return this.#attempt.ref.taskId;
  }

  get attempt(): number {
    return this.#attempt.attempt;
  }

  get signal(): AbortSignal {
    return this.#attempt.signal;
  }

  get saved(): JsonValue {
    return this.#saved;
  }

  readonly log = (line: string): void => {
    this.#attempt.log('log', `${line}\n`);
  };

  readonly progress = (message: string, fraction?: number): void => {
    if (this.#suspended === null) this.#attempt.progress(message, fraction);
  };

  readonly save = (value: JsonValue): Promise<void> => {
    const saving = this.#save(value);
    // As for questions: whoever does not wait for it must not end the process by that.
    saving.catch(() => {});
    return saving;
  };

  readonly requireInput = <Key extends InputKey>(
    requests: Readonly<Record<Key, JsonObject>>,
    options: { readonly withinMs?: number } = {},
  ): Promise<Readonly<Record<Key, JsonValue>>> => {
    const answered = this.#requireInput(requests, options);
    // A call that nobody waits for suspends the run all the same, and must not end the process.
    answered.catch(() => {});
    return answered;
  };

  readonly snooze = (delayMs: number): never => {
    if (!Number.isFinite(delayMs)) {
      throw new TaskedError('invalid_input', 'snooze takes a number of milliseconds');
    }
    throw this.#suspend({ kind: 'snooze', delayMs });
  };

  async #save(value: JsonValue): Promise<void> {
    if (this.#suspended !== null) throw suspension(this.#suspended);
    await this.#attempt.save(value);
    this.#saved = value;
  }

  async #requireInput<Key extends InputKey>(
    requests: Readonly<Record<Key, JsonObject>>,
    { withinMs }: { readonly withinMs?: number },
  ): Promise<Readonly<Record<Key, JsonValue>>> {
    const flaw = inputFlaw(requests) ?? limitFlaw(withinMs);
    if (flaw !== null) throw new TaskedError('invalid_input', `requireInput: ${flaw}`);
    const { answers, expired } = this.#attempt.resume;
    const keys = Object.keys(requests) as Key[];
    const late = keys.filter((key) => expired.includes(key));
    if (late.length > 0) throw new InputTimeoutError(late);
    const open = keys.filter((key) => !Object.hasOwn(answers, key));
    if (open.length === 0) return pick(answers as Readonly<Record<Key, JsonValue>>, keys);
    const inputRequests = pick(requests, open);
    const limit = withinMs === undefined ? {} : { withinMs };
    throw this.#suspend({ kind: 'waiting', inputRequests, ...limit });
  }

  #suspend(outcome: SuspendedOutcome): Suspension {
    this.#suspended = this.#suspended === null ? outcome : joined(this.#suspended, outcome);
    return suspension(outcome);
  }
}

function suspension({ kind }: SuspendedOutcome): Suspension {
  return new Suspension(
    kind === 'waiting'
      ? 'not an error: the task waits for input and is run again then; throw this on'
      : 'not an error: the task is run again later; throw this on',
  );
}

function limitFlaw(withinMs: unknown): string | null {
  return withinMs === undefined || Number.isFinite(withinMs)
    ? null
    : 'withinMs is no number of milliseconds';
}

function pick<Key extends string, Value>(
  from: Readonly<Record<Key, Value>>,
  keys: readonly Key[],
): Readonly<Record<Key, Value>> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Record<Key, Value>;
}
