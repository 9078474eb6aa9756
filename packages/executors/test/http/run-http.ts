import type { JsonObject, JsonValue, Outcome } from '@tasked/core';
import { httpExecutor } from '../../src/index.ts';
import { TestAttempt } from '../attempt.ts';

/** One executor for all tests: its connections serve every origin. */
const http = httpExecutor();

/** Runs one attempt, its config resolved as the engine would hand it over. */
export async function runHttp(config: JsonObject, input: JsonValue = null): Promise<Outcome> {
  return await http.run(new TestAttempt(config, { input }));
}

/** The output of an outcome that is expected to have one. */
export function outputOf(outcome: Outcome): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue;
  readonly body_encoding?: 'base64';
} {
  if (!('output' in outcome) || outcome.output === undefined) {
    throw new Error(`no output: ${JSON.stringify(outcome)}`);
  }
  return outcome.output as unknown as ReturnType<typeof outputOf>;
}

/** The failure of an outcome that is expected to be one. */
export function failureOf(outcome: Outcome) {
  if (outcome.kind !== 'failed') throw new Error(`no failure: ${JSON.stringify(outcome)}`);
  return outcome.failure;
}
