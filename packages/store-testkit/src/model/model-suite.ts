import { describe, it } from 'vitest';
import { checkAgreement, checkModel, type ModelCheck, type OpenStore } from './check-model.ts';

const MINUTE = 60_000;

/** Tests that a store does what the reference model does. `open` opens a store on new, empty data. */
export function modelSuite(open: OpenStore, check: ModelCheck): void {
  describe('the reference model', () => {
    it(`agrees with the store over ${check.sequences} sequences`, { timeout: 5 * MINUTE }, () =>
      checkModel(open, check),
    );
  });
}

/** Tests that several stores end with the same records after the same commands. */
export function agreementSuite(open: readonly OpenStore[], check: ModelCheck): void {
  describe(`${open.length} stores`, () => {
    it(`agree over ${check.sequences} sequences`, { timeout: 5 * MINUTE }, () =>
      checkAgreement(open, check),
    );
  });
}
