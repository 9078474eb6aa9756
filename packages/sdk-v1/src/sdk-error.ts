import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { isTaskedError, type ErrorCode as TaskedCode } from '@tasked/core';

/** What the caller did wrong. */
const INVALID: ReadonlySet<TaskedCode> = new Set([
  'invalid_input',
  'not_found',
  'illegal_transition',
  'forbidden',
]);

/** What the work gives; what it throws is thrown as the SDK passes it on: -32602 for what the caller did wrong. */
export async function withSdkErrors<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!isTaskedError(error)) throw error;
    const code = INVALID.has(error.code) ? ErrorCode.InvalidParams : ErrorCode.InternalError;
    throw Object.assign(new McpError(code, error.message), { cause: error });
  }
}
