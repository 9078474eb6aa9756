import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';

/** How long what is under way may take at the end. */
const END_MS = 5_000;

/**
 * A client of postgres.js that no silence outlasts: when an answer does not come in time, all of its connections
 * are given up with what is under way on them, and new ones are made.
 */
export class Client {
  readonly #connect: () => Sql;
  readonly #answerMs: number;
  #sql: Sql;
  #underWay = 0;
  #ending: Promise<void> | null = null;
  #onIdle: () => void = () => {};

  /** `first` is what `connect` has made already. */
  constructor(connect: () => Sql, first: Sql, answerMs: number) {
    this.#connect = connect;
    this.#sql = first;
    this.#answerMs = answerMs;
  }

  /** Rejects as the driver does, after `answerMs` at the latest. */
  async run<T>(work: (sql: Sql) => PromiseLike<T>): Promise<T> {
    const sql = this.#sql;
    const timer = setTimeout(() => this.#giveUp(sql), this.#answerMs).unref();
    this.#underWay += 1;
    try {
      return await work(sql);
    } finally {
      clearTimeout(timer);
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onIdle();
    }
  }

  /** Lets what is under way end, for a while. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    // The driver itself would wait for queries of connections that are lost.
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    if (this.#underWay > 0) await Promise.race([idle, sleep(END_MS, null, { ref: false })]);
    await this.#sql.end({ timeout: 0 });
  }

  #giveUp(sql: Sql): void {
    if (sql !== this.#sql) return;
    this.#sql = this.#connect();
    void sql.end({ timeout: 0 });
  }
}
