import type {
  Executor,
  JsonObject,
  JsonValue,
  Outcome,
  TaskError,
  TaskFailure,
} from '@tasked/core';
import { isObject } from '../is-object.ts';

/** The code of a failure that is an error of the protocol, and no result of a tool. */
const PROTOCOL_ERROR = 'protocol_error';

/**
 * An executor for which an error of JSON-RPC (`ProtocolError` of SDK 2.x, `McpError` of 1.x) fails the task for good and is
 * kept whole, so that clients get that error and no tool result.
 */
export function withProtocolErrors(executor: Executor): Executor {
  return {
    ...executor,
    async run(attempt): Promise<Outcome> {
      try {
        return await executor.run(attempt);
      } catch (thrown) {
        if (isProtocolError(thrown)) return failedWith(thrown);
        throw thrown;
      }
    },
  };
}

/** The error of JSON-RPC that a failed task ended with, by its failure and its output; null when it was none. */
export function protocolErrorIn(failure: TaskFailure | null, output: JsonValue): TaskError | null {
  if (failure?.code !== PROTOCOL_ERROR || !isObject(output)) return null;
  const { code, message, data } = output;
  if (typeof code !== 'number' || typeof message !== 'string') return null;
  return { code, message, ...(data === undefined ? {} : { data }) };
}

interface ProtocolErrorLike extends Error {
  readonly code: number;
  readonly data?: JsonValue;
}

/** JSON-RPC reserves these codes; other errors have numbers too (an `AbortError` has 20). */
function isProtocolError(thrown: unknown): thrown is ProtocolErrorLike {
  if (!(thrown instanceof Error) || !('code' in thrown)) return false;
  const { code } = thrown;
  return Number.isInteger(code) && Number(code) >= -32_768 && Number(code) <= -32_000;
}

function failedWith({ code, message, data }: ProtocolErrorLike): Outcome {
  const output: JsonObject = { code, message, ...(data === undefined ? {} : { data }) };
  return { kind: 'failed', failure: { code: PROTOCOL_ERROR, message, retryable: false }, output };
}
