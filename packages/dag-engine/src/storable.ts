import type { JsonValue, Outcome, TaskFailure } from '@tasked/core';
import { isDeeperThan } from './json-depth.ts';
import { outcomeFlaw } from './outcome-flaw.ts';

/** Largest output of one task, as UTF-8 bytes of compact JSON. */
export const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * How deep the lists and objects of an output may be nested. `JSON.stringify` can go somewhat deeper, but
 * how far depends on the stack that is left where it is called.
 */
const MAX_OUTPUT_DEPTH = 1_000;

/** JSON of at most this many characters is surely small enough: UTF-8 takes at most 3 bytes for each. */
const SURELY_SMALL = MAX_OUTPUT_BYTES / 3;

/** An outcome that can be stored, and the length of its output as compact JSON. */
export interface Storable {
  readonly outcome: Outcome;
  readonly outputChars: number;
}

/**
 * Returns the outcome as it can be stored, or a final failure that says why it cannot: executors are
 * written by others, and one bad outcome must not stop the engine.
 */
export function storable(said: Outcome): Storable {
  const flaw = outcomeFlaw(said);
  if (flaw !== null) return unstorable('bad_outcome', `the outcome is none: ${flaw}`);
  if (said.kind === 'snooze') return { outcome: said, outputChars: 0 };
  const outcome = said.kind === 'failed' ? { ...said, failure: bare(said.failure) } : said;
  const output: JsonValue = outcome.output ?? null;
  const measured = measure(output);
  if (typeof measured === 'number')
    return { outcome: { ...outcome, output }, outputChars: measured };
  if (outcome.kind === 'succeeded') return unstorable('bad_output', measured);
  return { outcome: { kind: 'failed', failure: outcome.failure }, outputChars: 0 };
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

/** The length of the output's JSON, or what is wrong with it. */
function measure(output: unknown): number | string {
  let text: string | undefined;
  try {
    text = JSON.stringify(output);
  } catch (error) {
    return `the output is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (text === undefined) return `the output is not JSON: it is a ${typeof output}`;
  if (isDeeperThan(MAX_OUTPUT_DEPTH, text)) {
    return `the output is nested more than ${MAX_OUTPUT_DEPTH} deep`;
  }
  if (text.length <= SURELY_SMALL) return text.length;
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_OUTPUT_BYTES) return text.length;
  return `the output has ${bytes} bytes of JSON; at most ${MAX_OUTPUT_BYTES} are kept: write it to a file and return its path`;
}
