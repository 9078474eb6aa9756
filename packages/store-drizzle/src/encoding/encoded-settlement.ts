import type { Settlement } from '@tasked/core';
import { encodeJson } from '@tasked/core';

/** A settlement and what of it is stored as JSON; done before the transaction, to keep that short. */
export interface EncodedSettlement {
  readonly settlement: Settlement;
  readonly output: string | null;
  readonly failure: string | null;
}

/** Throws `invalid_input` for an output that is not JSON. */
export function encodeSettlement(settlement: Settlement): EncodedSettlement {
  const output = 'output' in settlement ? encodeOutput(settlement) : null;
  const failure = 'failure' in settlement ? JSON.stringify(settlement.failure) : null;
  return { settlement, output, failure };
}

function encodeOutput(settlement: Extract<Settlement, { readonly output: unknown }>): string {
  return encodeJson(settlement.output, `the output of task ${settlement.attempt.taskId}`);
}
