import type { Sql } from 'postgres';

/**
 * A client of postgres.js that no silence outlasts: when an answer does not come in time, all of its connections
 * are given up with what is under way on them, and new ones are made.
 */
export class Client {
  readonly #connect: () => Sql;
  readonly #answerMs: number;
  #sql: Sql;

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
    try {
      return await work(sql);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets what is under way end, for so long. */
  async end(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }

  #giveUp(sql: Sql): void {
    if (sql !== this.#sql) return;
    this.#sql = this.#connect();
    void sql.end({ timeout: 0 });
  }
}
