import type { ErrorCode } from '@tasked/core';

/**
 * The status of HTTP for each word (docs/errors.md), for what is answered by HTTP alone: in answers to requests of the
 * protocol, errors are JSON-RPC's.
 */
export const HTTP_STATUS = {
  invalid_input: 400,
  not_found: 404,
  already_exists: 409,
  illegal_transition: 409,
  version_conflict: 409,
  limit_exceeded: 413,
  forbidden: 403,
  unsupported: 422,
  unavailable: 503,
  internal: 500,
} as const satisfies Readonly<Record<ErrorCode, number>>;
