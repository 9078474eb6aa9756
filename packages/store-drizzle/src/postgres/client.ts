import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { isLostConnection } from './postgres-error.ts';

/** How long what is under way may take at the end. */
const END_MS = 5_000;

/** One connection, made when it is first used. */
interface Line {
  sql: Sql | null;
  underWay: number;
}

/** Which connections a call looks at first. */
export type End = 'front' | 'back';

/** What a client is made of. */
export interface ClientParts {
  /** Makes a client of postgres.js with one connection. */
  readonly connect: () => Sql;
  /** How many calls are under way at once on connections of their own; further ones share. */
  readonly size: number;
  /** After so long without an answer a connection is given up. */
  readonly answerMs: number;
}

/**
 * Calls on a few connections, of which no silence outlasts: when an answer does not come in time, its connection is given up
 * with what is under way on it, and a new one is made. So is one that was lost: the driver would connect anew by itself, but
 * what it had not yet sent when the connection was lost can keep it from ever sending anything again (postgres.js 3.4.9, where
 * `closed` clears a timer that `write` takes to be running). A call takes the first connection that is free, not the next: a
 * process of the server that has just worked works faster than one that has slept. Calls of functions look from the front,
 * plain statements from the back, so that few processes plan what a function does, which takes them 30 ms each.
 */
export class Client {
  readonly #parts: ClientParts;
  readonly #lines: readonly Line[];
  #underWay = 0;
  #ending: Promise<void> | null = null;
  #onIdle: () => void = () => {};

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#lines = Array.from({ length: parts.size }, () => ({ sql: null, underWay: 0 }));
  }

  /** Rejects as the driver does, after `answerMs` at the latest. */
  run<T>(work: (sql: Sql) => PromiseLike<T>, end: End = 'back'): Promise<T> {
    return this.#runOn(this.#line(end), work);
  }

  async #runOn<T>(line: Line, work: (sql: Sql) => PromiseLike<T>): Promise<T> {
    line.sql ??= this.#parts.connect();
    const { sql } = line;
    const timer = setTimeout(() => this.#giveUp(line, sql), this.#parts.answerMs).unref();
    this.#underWay += 1;
    line.underWay += 1;
    try {
      return await work(sql);
    } catch (error) {
      if (isLostConnection(error)) this.#giveUp(line, sql);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#underWay -= 1;
      line.underWay -= 1;
      if (this.#underWay === 0) this.#onIdle();
    }
  }

  /** Does it on each of so many connections, those at the front. */
  async runOnEach(count: number, work: (sql: Sql) => PromiseLike<unknown>): Promise<void> {
    const lines = this.#lines.slice(0, count);
    await Promise.all(lines.map((line) => this.#runOn(line, work)));
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
    await Promise.all(this.#lines.map(async ({ sql }) => sql?.end({ timeout: 0 })));
  }

  #line(end: End): Line {
    const lines = end === 'front' ? this.#lines : this.#lines.toReversed();
    return lines.reduce((first, line) => (line.underWay < first.underWay ? line : first));
  }

  #giveUp(line: Line, sql: Sql): void {
    if (sql !== line.sql) return;
    line.sql = null;
    void sql.end({ timeout: 0 });
  }
}
