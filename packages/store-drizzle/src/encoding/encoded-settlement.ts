import { encodeJson, type InputKey, type Settlement } from '@tasked/core';

/** A settlement and what of it is stored as JSON; done before the transaction, to keep that short. */
export interface EncodedSettlement {
  readonly settlement: Settlement;
  readonly output: string | null;
  readonly failure: string | null;
  /** What it asks for; null when it is no `waiting`. */
  readonly requests: readonly EncodedRequest[] | null;
}

/** An input's key and its request as JSON. */
export type EncodedRequest = readonly [key: InputKey, request: string];

/** Throws `invalid_input` for an output or an input request that is not JSON. */
export function encodeSettlement(settlement: Settlement): EncodedSettlement {
  const output = 'output' in settlement ? encodeOutput(settlement) : null;
  const failure = 'failure' in settlement ? JSON.stringify(settlement.failure) : null;
  const requests = settlement.kind === 'waiting' ? encodeRequests(settlement) : null;
  return { settlement, output, failure, requests };
}

function encodeOutput(settlement: Extract<Settlement, { readonly output: unknown }>): string {
  return encodeJson(settlement.output, `the output of task ${settlement.attempt.taskId}`);
}

function encodeRequests({
  attempt,
  inputRequests,
}: Extract<Settlement, { readonly kind: 'waiting' }>): readonly EncodedRequest[] {
  return Object.entries(inputRequests).map(([key, request]) => [
    key,
    encodeJson(request, `the input request "${key}" of task ${attempt.taskId}`),
  ]);
}
