import { randomUUID } from 'node:crypto';
import type {
  AttemptContext,
  JsonObject,
  JsonValue,
  LogStream,
  Outcome,
  StopReason,
} from '@tasked/core';
import { NOTHING_TO_RESUME } from '@tasked/core';

/** An attempt as the engine would hand it over, which keeps what is logged. */
export class TestAttempt implements AttemptContext {
  readonly ref: AttemptContext['ref'];
  readonly attempt = 1;
  readonly resume = NOTHING_TO_RESUME;
  readonly config: JsonObject;
  readonly input: JsonValue;
  readonly references: ReadonlyMap<string, JsonValue>;
  readonly #abort = new AbortController();
  readonly #chunks: Record<LogStream, Buffer[]> = { stdout: [], stderr: [], log: [] };
  readonly #watchers: Array<() => void> = [];

  constructor(
    config: JsonObject,
    rest: {
      readonly input?: JsonValue;
      readonly references?: Readonly<Record<string, JsonValue>>;
      readonly ref?: AttemptContext['ref'];
    } = {},
  ) {
    this.config = config;
    this.input = rest.input ?? null;
    this.references = new Map(Object.entries(rest.references ?? {}));
    this.ref = rest.ref ?? { flowId: `f_${randomUUID()}`, taskId: 'task', fence: 1 };
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  log(stream: LogStream, chunk: string | Uint8Array): void {
    this.#chunks[stream].push(Buffer.from(chunk));
    for (const watch of this.#watchers) watch();
  }

  progress(): void {}

  async save(): Promise<void> {}

  stop(reason: StopReason): void {
    this.#abort.abort(reason);
  }

  logged(stream: LogStream): Buffer {
    return Buffer.concat(this.#chunks[stream]);
  }

  text(stream: LogStream): string {
    return this.logged(stream).toString();
  }

  /** Resolves once the command has printed something that matches, with the match. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text('stdout'));
      if (found !== null) return found;
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }
}

/** The output of an outcome that is expected to be a command's. */
export function outputOf(outcome: Outcome): {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number | null;
  readonly stdout_dropped_bytes?: number;
  readonly stderr_dropped_bytes?: number;
  readonly signal?: string;
} {
  if (!('output' in outcome) || outcome.output === undefined) {
    throw new Error(`no output: ${JSON.stringify(outcome)}`);
  }
  return outcome.output as unknown as ReturnType<typeof outputOf>;
}
