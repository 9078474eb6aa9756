import {
  type AttemptRef,
  type Clock,
  decodeJson,
  type JsonValue,
  type Logger,
  type Progress,
  type Report,
  TaskedError,
  type WorkStore,
} from '@tasked/core';
import { measureJson } from './measure-json.ts';

/** How often at most one attempt's progress is written. */
const PROGRESS_EVERY_MS = 1_000;

/** Longest message of a progress, in UTF-16 units. */
const MAX_MESSAGE_CHARS = 500;

/** Largest value that an attempt may save, as UTF-8 bytes of compact JSON. */
const MAX_SAVED_BYTES = 64 * 1024;

/** Where reports go. */
export interface ReportsHost {
  readonly store: Pick<WorkStore, 'report'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What one attempt says while it runs, on its way to the store. Made when an executor first says something. */
export class AttemptReports {
  readonly #ref: AttemptRef;
  readonly #host: ReportsHost;
  #hasEnded = false;
  /** The last word on progress, as long as it is not written. */
  #unwritten: Progress | null = null;
  #isResting = false;
  #cancelRest: () => void = () => {};
  /** Saves are written one after the other, in the order in which they were asked for. */
  #lastSave: Promise<unknown> = Promise.resolve();

  constructor(ref: AttemptRef, host: ReportsHost) {
    this.#ref = ref;
    this.#host = host;
  }

  /** `AttemptContext.progress`. */
  progress(message: unknown, fraction: unknown): void {
    if (this.#hasEnded) return;
    this.#unwritten = { message: shortened(message), fraction: within(fraction) };
    if (!this.#isResting) void this.#writeProgress();
  }

  /** `AttemptContext.save`. */
  save(value: JsonValue): Promise<void> {
    const saving = this.#save(value);
    // Whoever does not wait for it would not hear of it, and must not end the process by that.
    saving.catch((error: unknown) => {
      this.#host.logger.warn('what an attempt saved was not kept', { ...this.#ref, error });
    });
    return saving;
  }

  async #save(value: JsonValue): Promise<void> {
    if (this.#hasEnded) throw hasEnded(this.#ref);
    const measured = measureJson(value, MAX_SAVED_BYTES);
    if (measured.kind !== 'fits') {
      const code = measured.kind === 'too_large' ? 'limit_exceeded' : 'invalid_input';
      throw new TaskedError(code, `what task ${this.#ref.taskId} saves ${measured.flaw}`);
    }
    // The caller may change the value before its turn has come.
    const saved: JsonValue = decodeJson(measured.text);
    const saving = this.#lastSave.then(() => this.#host.store.report(this.#ref, { saved }));
    this.#lastSave = saving.catch(() => {});
    if (!(await saving)) throw hasEnded(this.#ref);
  }

  /** Takes nothing more. Resolves when everything that was to be saved is saved, or was refused. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    this.#cancelRest();
    await this.#lastSave;
  }

  async #writeProgress(): Promise<void> {
    const progress = this.#unwritten;
    if (progress === null) return;
    this.#unwritten = null;
    this.#isResting = true;
    await this.#write({ progress });
    if (this.#hasEnded) return;
    this.#cancelRest = this.#host.clock.schedule(PROGRESS_EVERY_MS, () => {
      this.#isResting = false;
      void this.#writeProgress();
    });
  }

  /** Progress that cannot be written is lost, and no reason to fail. */
  async #write(report: Report): Promise<void> {
    try {
      await this.#host.store.report(this.#ref, report);
    } catch (error) {
      this.#host.logger.warn('progress could not be written', { ...this.#ref, error });
    }
  }
}

function shortened(message: unknown): string {
  const text = typeof message === 'string' ? message : '';
  return text.length <= MAX_MESSAGE_CHARS ? text : `${text.slice(0, MAX_MESSAGE_CHARS - 1)}…`;
}

function within(fraction: unknown): number | null {
  if (typeof fraction !== 'number' || Number.isNaN(fraction)) return null;
  return Math.min(Math.max(fraction, 0), 1);
}

function hasEnded({ flowId, taskId }: AttemptRef): TaskedError {
  return new TaskedError(
    'illegal_transition',
    `nothing more can be saved: this attempt of task ${taskId} of flow ${flowId} has ended, was cancelled or taken over`,
  );
}
