import { type Fault, type JsonValue, TaskedError } from '@tasked/core';
import type { FaultKind } from './fault-list.ts';

/** Why a submitted flow was not accepted: everything that is wrong with it. */
export interface FlowSpecRejection {
  readonly kind: 'rejected';
  /** `limit_exceeded` and `unsupported` only when that is all that is wrong. */
  readonly code: FaultKind;
  /** Never empty. */
  readonly faults: readonly Fault[];
}

const FAULTS_IN_MESSAGE = 3;

/** The rejection as an error: its message names the first faults, `details.faults` has them all. */
export function rejectionError({ code, faults }: FlowSpecRejection): TaskedError {
  const lines = faults.slice(0, FAULTS_IN_MESSAGE).map(faultLine);
  const more = faults.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  const details = { faults: faults as unknown as JsonValue };
  return new TaskedError(code, `the flow was not accepted: ${lines.join('; ')}`, { details });
}

function faultLine({ path, message, didYouMean }: Fault): string {
  const hint = didYouMean === undefined ? '' : ` (did you mean "${didYouMean}"?)`;
  return `${path === '' ? '' : `${path}: `}${message}${hint}`;
}
