import { LogBench } from './log-bench.ts';
import type { LogStoreCaseId } from './log-store-case-ids.ts';
import type { LogStoreSubject } from './log-store-subject.ts';

/** One promise of the log contract, as a program that rejects when a log store breaks it. */
export interface LogStoreCase {
  /** Stable: what an author, or a test of this kit, refers to. */
  readonly id: LogStoreCaseId;
  /** The promise, in words. */
  readonly title: string;
  /** What the subject must offer besides `open`; without it the case does not apply. */
  readonly needs?: 'openSecond';
  readonly run: (at: LogBench) => Promise<void>;
}

/** Runs one case on new data. Rejects when the log store breaks the promise. */
export async function runLogStoreCase(
  subject: LogStoreSubject,
  logCase: LogStoreCase,
): Promise<void> {
  await logCase.run(await LogBench.open(subject));
}
