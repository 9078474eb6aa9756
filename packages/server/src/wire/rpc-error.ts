import { randomUUID } from 'node:crypto';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { type ErrorCode, isTaskedError, type Logger } from '@tasked/core';

const { InvalidParams, InternalError } = ProtocolErrorCode;

/** The code of JSON-RPC for each word (docs/errors.md): what the caller can mend is about its parameters. */
export const RPC_CODES: Readonly<Record<ErrorCode, number>> = {
  invalid_input: InvalidParams,
  not_found: InvalidParams,
  already_exists: InvalidParams,
  illegal_transition: InvalidParams,
  limit_exceeded: InvalidParams,
  forbidden: InvalidParams,
  unsupported: InvalidParams,
  version_conflict: InternalError,
  unavailable: InternalError,
  internal: InternalError,
};

/**
 * An error as the protocol's own. What the caller cannot mend is told by an id that stands in the log beside what
 * really happened, and by nothing else.
 */
export function rpcError(error: unknown, method: string, logger: Logger): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (isTaskedError(error) && error.code !== 'internal' && error.code !== 'unavailable') {
    return new ProtocolError(RPC_CODES[error.code], error.message, { code: error.code });
  }
  const code = isTaskedError(error) ? error.code : 'internal';
  const errorId = randomUUID();
  logger.error('a request failed', { method, error_id: errorId, error });
  const message =
    code === 'internal'
      ? 'something went wrong inside; the log has the cause under error_id'
      : 'the store does not answer at the moment; try again in a few seconds';
  return new ProtocolError(InternalError, message, { code, error_id: errorId });
}
