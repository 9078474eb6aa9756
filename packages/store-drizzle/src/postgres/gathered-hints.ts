import type { ChangedFlow, FlowId } from '@tasked/core';

/** Passes on which flows changed: what comes first at once, what comes in the pause after it together. */
export class GatheredHints {
  readonly #pass: (flows: readonly ChangedFlow[] | null) => Promise<void>;
  readonly #pauseMs: () => number;
  readonly #flows = new Map<FlowId, ChangedFlow>();
  #isSomethingLeft = false;
  /** True when not even which flows changed is known. */
  #isUnknown = false;
  #passing = false;
  #closed = false;

  constructor(
    pass: (flows: readonly ChangedFlow[] | null) => Promise<void>,
    pauseMs: () => number,
  ) {
    this.#pass = pass;
    this.#pauseMs = pauseMs;
  }

  /** Null: it is not known which. What is not urgent comes after a pause, with what else there is then. */
  add(flows: readonly ChangedFlow[] | null, { isUrgent = true } = {}): void {
    if (this.#closed) return;
    this.#isSomethingLeft = true;
    this.#isUnknown ||= flows === null;
    for (const flow of flows ?? []) this.#flows.set(flow.flowId, flow);
    if (!this.#passing) void this.#passAll(isUrgent);
  }

  /** Nothing is passed on any more. */
  close(): void {
    this.#closed = true;
    this.#isSomethingLeft = false;
  }

  async #passAll(isUrgent: boolean): Promise<void> {
    this.#passing = true;
    if (!isUrgent) await this.#pause();
    while (this.#isSomethingLeft) {
      await this.#pass(this.#take());
      await this.#pause();
    }
    this.#passing = false;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#pauseMs()).unref());
  }

  #take(): readonly ChangedFlow[] | null {
    const flows = this.#isUnknown ? null : [...this.#flows.values()];
    this.#isSomethingLeft = false;
    this.#isUnknown = false;
    this.#flows.clear();
    return flows;
  }
}
