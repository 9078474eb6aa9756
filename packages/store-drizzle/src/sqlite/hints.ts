import type { Hint } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';

/** How often the file is looked at while another process runs tasks on it, and while none does. */
const TOGETHER_MS = 20;
const ALONE_MS = 1_000;

/** What another process has done: something. */
const SOMETHING: Hint = { by: null, flows: null };

/** What `Hints` needs to know beside the file itself. */
export interface HintsOptions {
  /** True when a runner of another process is registered. */
  readonly othersRun: () => boolean;
  /** Called with what a listener throws; a hint is never the place where a commit fails. */
  readonly onError: (error: unknown) => void;
}

/**
 * Tells listeners of commits: of this store at once, of other processes by looking at the file's version,
 * which costs 2 µs. Looks only while somebody listens, and never keeps the process alive.
 */
export class Hints {
  readonly #options: HintsOptions;
  readonly #dataVersion: Statement<[], number>;
  readonly #listeners = new Set<(hint: Hint) => void>();
  #seen = 0;
  #everyMs = ALONE_MS;
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Database, options: HintsOptions) {
    this.#options = options;
    this.#dataVersion = db.prepare<[], number>('pragma data_version').pluck();
  }

  /** `Notifier.subscribe`. */
  subscribe(listener: (hint: Hint) => void): () => void {
    const own = (hint: Hint) => listener(hint);
    this.#listeners.add(own);
    if (this.#timer === null) this.#watch();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.close();
    };
  }

  emit(hint: Hint): void {
    for (const listener of this.#listeners) {
      try {
        listener(hint);
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }

  /** Stops looking. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #watch(): void {
    this.#look();
    this.#timer = setTimeout(() => this.#watch(), this.#everyMs).unref();
  }

  /** Hints when the file has changed since the last look, by another connection. */
  #look(): void {
    const version = this.#dataVersion.get() as number;
    if (version === this.#seen) return;
    const first = this.#seen === 0;
    this.#seen = version;
    this.#everyMs = this.#options.othersRun() ? TOGETHER_MS : ALONE_MS;
    if (!first) this.emit(SOMETHING);
  }
}
