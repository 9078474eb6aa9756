import {
  type InputRequests,
  type JsonValue,
  NOTHING_TO_RESUME,
  type Outcome,
  type Resume,
  type TaskFailure,
} from '@tasked/core';
import { inputFlaw } from './input-flaw.ts';
import { measureJson } from './measure-json.ts';
import { outcomeFlaw } from './outcome-flaw.ts';

/** Largest output of one task, as UTF-8 bytes of compact JSON. */
export const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** An outcome that can be stored, and the length of its output as compact JSON. */
export interface Storable {
  readonly outcome: Outcome;
  readonly outputChars: number;
}

/**
 * Returns the outcome as it can be stored, or a final failure that says why it cannot: executors are
 * written by others, and one bad outcome must not stop the engine.
 */
export function storable(said: Outcome, resume: Resume = NOTHING_TO_RESUME): Storable {
  const flaw = outcomeFlaw(said);
  if (flaw !== null) return unstorable('bad_outcome', `the outcome is none: ${flaw}`);
  if (said.kind === 'snooze') return { outcome: said, outputChars: 0 };
  if (said.kind === 'waiting') {
    const badInput = inputFlaw(said.inputRequests) ?? repetition(said.inputRequests, resume);
    return badInput === null
      ? { outcome: said, outputChars: 0 }
      : unstorable('bad_outcome', `the outcome is none: ${badInput}`);
  }
  const outcome = said.kind === 'failed' ? { ...said, failure: bare(said.failure) } : said;
  const output: JsonValue = outcome.output ?? null;
  const measured = measureJson(output, MAX_OUTPUT_BYTES);
  if (measured.kind === 'fits') {
    return { outcome: { ...outcome, output }, outputChars: measured.text.length };
  }
  if (outcome.kind === 'failed') {
    return { outcome: { kind: 'failed', failure: outcome.failure }, outputChars: 0 };
  }
  const advice = measured.kind === 'too_large' ? ': write it to a file and return its path' : '';
  return unstorable('bad_output', `the output ${measured.flaw}${advice}`);
}

/** Asking once more would end the attempt and get the same answer, for ever. */
function repetition(requests: InputRequests, { answers, expired }: Resume): string | null {
  const again = Object.keys(requests).find(
    (key) => Object.hasOwn(answers, key) || expired.includes(key),
  );
  if (again === undefined) return null;
  return `it asks for "${again}" again; take the answer, or ask under a new key`;
}

function unstorable(code: string, message: string): Storable {
  return {
    outcome: { kind: 'failed', failure: { code, message, retryable: false } },
    outputChars: 0,
  };
}

/** What else an executor put there may be anything. */
function bare({ code, message, retryable }: TaskFailure): TaskFailure {
  return { code, message, retryable };
}
