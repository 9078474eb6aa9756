import type { Fault } from '../fault.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { NewFlowTask } from '../new-flow.ts';
import type { Outcome } from '../outcome.ts';
import type { Resume } from '../resume.ts';
import type { AttemptRef } from '../settlement.ts';
import type { Warning } from '../warning.ts';
import type { LogStream } from './log-store.ts';

/** Runs the tasks of one type. One instance serves many attempts at once. */
export interface Executor {
  /** The word in a task's `executor` field. */
  readonly type: string;
  /**
   * Fields of the config whose references the engine leaves in place, because pasting a value into them
   * would change what they mean. Their values come in `AttemptContext.references`. Only here can a
   * reference ask for a file (`Reference.as`): the executor MUST put one in its place, or refuse it in
   * `check`.
   */
  readonly rawFields?: readonly string[];
  /** Says what is wrong with a config at submit, paths relative to it; references are unresolved then. */
  check(config: JsonObject): readonly Fault[];
  /**
   * Says what is likely to go wrong with a task that `check` found sound, paths relative to the task. A
   * warning stops nothing. MUST NOT warn of what is usual and harmless: who is warned in vain stops reading.
   */
  warn?(task: PlannedTask): Promise<readonly Warning[]>;
  /** Adds to a checked config what must not change between submit and run, such as the directory. */
  pin?(config: JsonObject): JsonObject;
  /**
   * Runs one attempt to its end. MUST settle soon after `signal` aborts. What it throws is recorded as a
   * failure that may be retried, unless it is a `PermanentError`, or a `TaskedError` that another try cannot mend.
   */
  run(attempt: AttemptContext): Promise<Outcome>;
  /** Ends what an attempt of a dead runner left running. MUST NOT touch anything else. */
  reclaim?(attempt: LostAttempt): Promise<void>;
}

/** A task that is about to be created, its defaults filled in and its references unresolved. */
export type PlannedTask = Pick<NewFlowTask, 'config' | 'input' | 'timeoutMs'>;

/** What an executor gets for one attempt. */
export interface AttemptContext {
  readonly ref: AttemptRef;
  /** 1 for the first started execution. */
  readonly attempt: number;
  /** As submitted, with every reference outside the raw fields resolved. */
  readonly config: JsonObject;
  readonly input: JsonValue;
  /**
   * The value of each reference in a raw field, by its text (`${tasks.a.output.stdout}`); for one to a
   * file, what the file is to hold.
   */
  readonly references: ReadonlyMap<string, JsonValue>;
  /** Aborts with a {@link StopReason} as its reason. */
  readonly signal: AbortSignal;
  /** What earlier attempts left: answers, what was saved. */
  readonly resume: Resume;
  /** Appends to the attempt's log; returns at once. */
  log(stream: LogStream, chunk: string | Uint8Array): void;
  /**
   * Says how far it is, for people; returns at once and never throws. Kept at most once a second, and shortened; only
   * the last word counts. `fraction` goes from 0 to 1.
   */
  progress(message: string, fraction?: number): void;
  /**
   * Keeps a value in place of the last one for whichever attempt comes next (`resume.saved`), durably when it
   * resolves. At most 64 KiB of JSON. Rejects with `invalid_input` for what is no JSON, `limit_exceeded` for what is
   * too long, `illegal_transition` when the attempt has ended, was cancelled or was taken over; then nothing was kept.
   */
  save(value: JsonValue): Promise<void>;
}

/** Why a running attempt has to stop. */
export type StopReason = 'cancelled' | 'timeout' | 'runner_lost' | 'shutdown';

/** An attempt that its runner left behind. */
export interface LostAttempt {
  /** Under the fence it ran with. */
  readonly ref: AttemptRef;
  readonly executor: string;
  readonly config: JsonObject;
}
