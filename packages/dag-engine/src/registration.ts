import { hostname } from 'node:os';
import type { Clock, IdSource, RunnerId, WorkStore } from '@tasked/core';

/** What a registration is made of. */
export interface RegistrationOptions {
  readonly store: Pick<WorkStore, 'registerRunner' | 'unregisterRunner'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  /** For people; omitted: `<host>:<pid>`. */
  readonly name: string | undefined;
}

/** As whom the store knows a runner: under one id at a time, and under a new one after each `renew`. */
export class Registration {
  readonly #options: RegistrationOptions;
  #id: RunnerId = '';
  #underWay: Promise<void> | null = null;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /** Empty before the first `renew`. */
  get id(): RunnerId {
    return this.#id;
  }

  /** The `renew` that is not done yet; null when none is. A tick that goes out before its end is `lost`. */
  get underWay(): Promise<void> | null {
    return this.#underWay;
  }

  /** Registers under a new id, which counts at once: whatever still comes in for the old one is too late. */
  renew(): Promise<void> {
    this.#id = this.#options.ids.runnerId();
    this.#underWay = this.#register().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  /** Takes the runner out of the store. */
  async end(): Promise<void> {
    await this.#options.store.unregisterRunner(this.#id);
  }

  async #register(): Promise<void> {
    const { store, clock, name } = this.#options;
    const host = hostname();
    await store.registerRunner({
      id: this.#id,
      name: name ?? `${host}:${process.pid}`,
      host,
      pid: process.pid,
      registeredAt: clock.now(),
    });
  }
}
