import type { JSONRPCRequest, RequestId } from '@modelcontextprotocol/server';
import type { Clock } from '@tasked/core';

/** What clients of either era ask before they ask for the tools. */
const HANDSHAKE: ReadonlySet<string> = new Set(['initialize', 'server/discover', 'ping']);

/** A client goes on within a few milliseconds of an answer. One that is silent for longer wants nothing yet. */
const SILENCE_MS = 50;

/** Tells when a client that has come has got to know the server. */
export class Introduction {
  /** Resolves when the client was told the tools, asks for anything else but a handshake, is silent, or has gone. */
  readonly over: Promise<void>;
  readonly #clock: Pick<Clock, 'schedule'>;
  /** What it asked and waits for. */
  readonly #open = new Set<RequestId>();
  #listing: RequestId | null = null;
  #isOver = false;
  #end: () => void = () => {};
  #cancelTimer: () => void = () => {};

  constructor(clock: Pick<Clock, 'schedule'>) {
    this.#clock = clock;
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#listen();
  }

  received({ id, method }: JSONRPCRequest): void {
    this.#cancelTimer();
    if (method === 'tools/list') this.#listing ??= id;
    else if (!HANDSHAKE.has(method)) this.end();
    this.#open.add(id);
  }

  answered(id: RequestId): void {
    this.#open.delete(id);
    if (id === this.#listing) this.end();
    else if (this.#open.size === 0) this.#listen();
  }

  end(): void {
    this.#isOver = true;
    this.#cancelTimer();
    this.#end();
  }

  #listen(): void {
    if (this.#isOver) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.schedule(SILENCE_MS, () => this.end());
  }
}
