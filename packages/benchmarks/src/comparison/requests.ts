import type { Lane } from './contender.ts';

/** What the process of a contender can be asked for. */
export interface Requests {
  /** Runs everything once, so that code is compiled and tables are there. */
  warmUp: { ask: object; answer: null };
  /** Jobs a second of a backlog, from the start of the first to the commit of the last. */
  throughput: { ask: { jobs: number; slots: number }; answer: number };
  /** Milliseconds from before the submit of a job to its start on an idle runner, of each of `samples`. */
  latency: { ask: { samples: number }; answer: readonly number[] };
  /** Milliseconds a step. */
  chain: { ask: { length: number }; answer: number };
  /** Milliseconds of one, then `width`, then one, submit included. */
  fan: { ask: { width: number }; answer: number };
  /** Stores jobs for runners in other processes. */
  enqueue: { ask: { jobs: number; lane: Lane }; answer: null };
  /** When everything that was enqueued here has ended: on the clock of `monotonicMs`. */
  settled: { ask: object; answer: number };
}

export type RequestKind = keyof Requests;

/** A request as it is sent. */
export type Request = {
  readonly [K in RequestKind]: { readonly kind: K; readonly ask: Requests[K]['ask'] };
}[RequestKind];

/** What comes back. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'error'; readonly message: string };
