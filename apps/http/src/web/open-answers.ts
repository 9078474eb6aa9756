import type { Server } from 'node:http';

/** Answers that a server still owes. */
export class OpenAnswers {
  #count = 0;
  #onNone: () => void = () => {};

  constructor(server: Server) {
    server.on('request', (_, response) => {
      this.#count += 1;
      response.once('close', () => {
        this.#count -= 1;
        if (this.#count === 0) this.#onNone();
      });
    });
  }

  /** Resolves when there are none, or after `ms`. */
  async goneWithin(ms: number): Promise<void> {
    if (this.#count === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onNone = resolve;
    const timer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
  }
}
