import type { RequestId } from '@modelcontextprotocol/server';

/**
 * The answers to requests that came together, which go out together (JSON-RPC 2.0, section 6; protocol
 * 2025-03-26 demands that batches are taken).
 */
export class Batch {
  readonly #open: Set<RequestId>;
  readonly #answers: object[] = [];

  constructor(open: Iterable<RequestId>) {
    this.#open = new Set(open);
  }

  /** True when nothing more will come. */
  get isComplete(): boolean {
    return this.#open.size === 0;
  }

  /** What goes out; null when every message was a notification or called off: then nothing does. */
  get answers(): readonly object[] | null {
    return this.#answers.length === 0 ? null : this.#answers;
  }

  /** Adds an answer to a message that is no request. */
  refuse(answer: object): void {
    this.#answers.push(answer);
  }

  answer(id: RequestId, answer: object): void {
    this.#open.delete(id);
    this.#answers.push(answer);
  }

  /** The request was called off and will not be answered. */
  drop(id: RequestId): void {
    this.#open.delete(id);
  }
}
