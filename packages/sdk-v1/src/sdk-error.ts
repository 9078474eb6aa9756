import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { isTaskedError } from '@tasked/core';
import { RPC_CODES } from '@tasked/server';

/** What the work gives; what it throws is thrown as the SDK passes it on: -32602 for what the caller did wrong. */
export async function withSdkErrors<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!isTaskedError(error)) throw error;
    throw Object.assign(new McpError(RPC_CODES[error.code], error.message), { cause: error });
  }
}
