import type { Hint } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';

/** How often the file is looked at while other processes run tasks on it, and while none does. */
const TOGETHER_MS = 20;
const ALONE_MS = 1_000;

/** After so many looks at an unchanged file it is asked anew whether others run tasks: they may have died. */
const LOOKS = ALONE_MS / TOGETHER_MS;

/** What is known of what another process did. */
const SOMETHING: Hint = { by: null, flows: null };

/** What `Hints` needs beside the file. */
export interface HintsOptions {
  /** True when a runner of another process is registered. */
  readonly othersRun: () => boolean;
  /** Hears what a listener throws, and why the file could not be looked at. */
  readonly onError: (error: unknown) => void;
}

/**
 * Tells listeners of commits: of this store at once, of other processes by the file's version, which costs
 * 2 µs to look at. Looks only while somebody listens, and keeps no process alive.
 */
export class Hints {
  readonly #options: HintsOptions;
  readonly #dataVersion: Statement<[], number>;
  readonly #listeners = new Set<(hint: Hint) => void>();
  #seen = 0;
  #looksLeft = 0;
  #everyMs = ALONE_MS;
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Database, options: HintsOptions) {
    this.#options = options;
    this.#dataVersion = db.prepare<[], number>('pragma data_version').pluck();
  }

  /** `Notifier.subscribe`. */
  subscribe(listener: (hint: Hint) => void): () => void {
    const subscription = (hint: Hint) => listener(hint);
    this.#listeners.add(subscription);
    if (this.#timer === null) this.#watch({ silently: true });
    return () => {
      this.#listeners.delete(subscription);
      if (this.#listeners.size === 0) this.#stop();
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

  /** Forgets every listener. */
  close(): void {
    this.#listeners.clear();
    this.#stop();
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Looks now, silently the first time, and from then on again and again. */
  #watch({ silently }: { readonly silently: boolean }): void {
    let changed = false;
    try {
      changed = this.#look();
    } catch (error) {
      this.#options.onError(error);
    }
    this.#timer = setTimeout(() => this.#watch({ silently: false }), this.#everyMs).unref();
    if (changed && !silently) this.emit(SOMETHING);
  }

  /** True when another connection has committed since the last look. */
  #look(): boolean {
    const version = this.#dataVersion.get() as number;
    const changed = version !== this.#seen;
    this.#seen = version;
    this.#looksLeft -= 1;
    if (changed || this.#looksLeft <= 0) {
      this.#looksLeft = LOOKS;
      this.#everyMs = this.#pace();
    }
    return changed;
  }

  /** Never throws, since what was seen by then would go untold. When in doubt there are others. */
  #pace(): number {
    try {
      return this.#options.othersRun() ? TOGETHER_MS : ALONE_MS;
    } catch (error) {
      this.#options.onError(error);
      return TOGETHER_MS;
    }
  }
}
