import type { Lane } from './contender.ts';

/** What the process of a contender can be asked for. Times are milliseconds on the clock of `monotonicMs`. */
export interface Requests {
  /** Runs everything once, so that code is compiled and tables are there. */
  warmUp: { ask: object; answer: null };
  /** Jobs a second of a backlog, from the start of the first to the commit of the last. */
  throughput: { ask: { jobs: number; slots: number }; answer: number };
  /** Jobs a second of the first `jobs` of a backlog, from the start of the first to the start of the last. */
  slice: { ask: { jobs: number; slots: number }; answer: number };
  /** Milliseconds from before the submit of a job to its start on an idle runner, of each of `samples`. */
  latency: { ask: { samples: number }; answer: readonly number[] };
  /** Milliseconds a step. */
  chain: { ask: { length: number }; answer: number };
  /** Milliseconds of one, then `width`, then one, submit included, `copies` of them side by side. */
  fan: { ask: { width: number; copies: number; slots: number }; answer: number };
  /** Stores jobs for runners, here or in other processes. */
  enqueue: { ask: { jobs: number; lane: Lane }; answer: null };
  /** Starts a runner, which tells how many jobs have started; null: jobs that do not end. */
  run: { ask: { slots: number; workMs: number | null }; answer: null };
  /** When everything that was enqueued here has ended. */
  settled: { ask: object; answer: number };
  /** Ends what `enqueue` and `run` opened; when jobs began and ended here. */
  halt: { ask: object; answer: readonly Span[] };
}

/** From when to when one job ran. */
export type Span = readonly [from: number, to: number];

export type RequestKind = keyof Requests;

/** A request as it is sent. */
export type Request = {
  readonly [K in RequestKind]: { readonly kind: K; readonly ask: Requests[K]['ask'] };
}[RequestKind];

/** What comes back. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'started'; readonly jobs: number };
