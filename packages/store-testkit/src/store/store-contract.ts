import { registerCases } from '../register-cases.ts';
import { appliesTo, runStoreCase } from './store-case.ts';
import { STORE_CASE_IDS } from './store-case-ids.ts';
import { STORE_CASES } from './store-cases.ts';
import type { StoreSubject } from './store-subject.ts';

/**
 * Registers the whole store contract as tests of the file that calls it. Cases that need `reopen` or
 * `openSecond` are registered when the subject offers it.
 */
export function storeContract(subject: StoreSubject): void {
  registerCases({
    title: `${subject.name} keeps the store contract`,
    ids: STORE_CASE_IDS,
    cases: STORE_CASES,
    applies: (one) => appliesTo(one, subject),
    run: (one) => runStoreCase(subject, one),
  });
}
