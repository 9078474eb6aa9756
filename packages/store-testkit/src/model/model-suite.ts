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

/** Tests that two stores end with the same records after the same commands. */
export function agreementSuite(one: OpenStore, other: OpenStore, check: ModelCheck): void {
  describe('two stores', () => {
    it(`agree over ${check.sequences} sequences`, { timeout: 5 * MINUTE }, () =>
      checkAgreement(one, other, check),
    );
  });
}
