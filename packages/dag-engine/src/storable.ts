import type { JsonValue, Outcome, TaskFailure } from '@tasked/core';

/** Largest output of one task, as UTF-8 bytes of compact JSON. */
export const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** JSON of at most this many characters is surely small enough: UTF-8 takes at most 3 bytes for each. */
const SURELY_SMALL = MAX_OUTPUT_BYTES / 3;

/** An outcome that can be stored, and the length of its output as compact JSON. */
export interface Storable {
  readonly outcome: Outcome;
  readonly outputChars: number;
}

/**
 * Returns the outcome as it can be stored, or a final failure that says why its output cannot: executors
 * are written by others, and one bad output must not stop the engine.
 */
export function storable(outcome: Outcome): Storable {
  if (outcome.kind === 'snooze') return { outcome, outputChars: 0 };
  const output: JsonValue = outcome.output ?? null;
  const measured = measure(output);
  if (typeof measured === 'number')
    return { outcome: { ...outcome, output }, outputChars: measured };
  const failure: TaskFailure =
    outcome.kind === 'failed'
      ? outcome.failure
      : { code: 'bad_output', message: measured, retryable: false };
  return { outcome: { kind: 'failed', failure }, outputChars: 0 };
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
  if (text.length <= SURELY_SMALL) return text.length;
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_OUTPUT_BYTES) return text.length;
  return `the output has ${bytes} bytes of JSON; at most ${MAX_OUTPUT_BYTES} are kept: write it to a file and return its path`;
}
