import { registerCases } from '../register-cases.ts';
import { runLogStoreCase } from './log-store-case.ts';
import { LOG_STORE_CASE_IDS } from './log-store-case-ids.ts';
import { LOG_STORE_CASES } from './log-store-cases.ts';
import type { LogStoreSubject } from './log-store-subject.ts';

/**
 * Registers the whole log contract as tests of the file that calls it. Cases that need `openSecond` are
 * registered when the subject offers it.
 */
export function logStoreContract(subject: LogStoreSubject): void {
  registerCases({
    title: `${subject.name} keeps the log contract`,
    ids: LOG_STORE_CASE_IDS,
    cases: LOG_STORE_CASES,
    applies: ({ needs }) => needs === undefined || subject[needs] !== undefined,
    run: (one) => runLogStoreCase(subject, one),
  });
}
