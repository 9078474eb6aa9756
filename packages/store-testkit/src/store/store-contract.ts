import { describe, it } from 'vitest';
import { expectComplete } from '../case-list.ts';
import { appliesTo, runStoreCase } from './store-case.ts';
import { STORE_CASE_IDS } from './store-case-ids.ts';
import { STORE_CASES } from './store-cases.ts';
import type { StoreSubject } from './store-subject.ts';

/** The largest flows of the suite on the slowest of disks. */
const TIMEOUT_MS = 60_000;

/**
 * Registers the whole store contract as tests of the file that calls it. Cases that need `reopen` or
 * `openSecond` are registered when the subject offers it.
 */
export function storeContract(subject: StoreSubject): void {
  describe(`${subject.name} keeps the store contract`, { timeout: TIMEOUT_MS }, () => {
    it('is whole: every case of the list is there', () => {
      expectComplete(STORE_CASE_IDS, Object.values(STORE_CASES).flat());
    });
    for (const [concern, cases] of Object.entries(STORE_CASES)) {
      describe(concern, () => {
        for (const storeCase of cases.filter((one) => appliesTo(one, subject))) {
          it(`${storeCase.id}: ${storeCase.title}`, () => runStoreCase(subject, storeCase));
        }
      });
    }
  });
}
