import type {
  AttemptContext,
  AttemptRef,
  JsonObject,
  JsonValue,
  LogStream,
  Resume,
} from '@tasked/core';
import { NOTHING_TO_RESUME } from '@tasked/core';
import type { AttemptRun } from './attempt-run.ts';
import type { ResolvedTask } from './spec/templates.ts';

/** What an executor sees of its attempt. */
export class RunningAttempt implements AttemptContext {
  readonly config: JsonObject;
  readonly input: JsonValue;
  readonly references: ReadonlyMap<string, JsonValue>;
  readonly #run: AttemptRun;

  constructor(run: AttemptRun, resolved: ResolvedTask) {
    this.#run = run;
    this.config = resolved.config;
    this.input = resolved.input;
    this.references = resolved.references;
  }

  get ref(): AttemptRef {
    return this.#run.claimed.ref;
  }

  get attempt(): number {
    return this.#run.claimed.attempt;
  }

  get resume(): Resume {
    return this.#run.claimed.resume ?? NOTHING_TO_RESUME;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  log(stream: LogStream, chunk: string | Uint8Array): void {
    this.#run.log(stream, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }

  progress(message: string, fraction?: number): void {
    this.#run.reports.progress(message, fraction);
  }

  save(value: JsonValue): Promise<void> {
    return this.#run.reports.save(value);
  }
}
