import type { JsonValue } from './json.ts';

/** Every way in which a call can go wrong; a closed list. */
export const ERROR_CODES = [
  'invalid_input',
  'not_found',
  'already_exists',
  'illegal_transition',
  'version_conflict',
  'limit_exceeded',
  'forbidden',
  'unsupported',
  'unavailable',
  'internal',
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

const BRAND = Symbol.for('@tasked/TaskedError');

/** The one error that services and stores throw on purpose. Its message says what failed and what to do. */
export class TaskedError extends Error {
  override readonly name = 'TaskedError';
  readonly code: ErrorCode;
  readonly details: JsonValue | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly details?: JsonValue; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.details = options.details;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for a {@link TaskedError}, also one of another installed copy of this package. */
export function isTaskedError(error: unknown): error is TaskedError {
  return typeof error === 'object' && error !== null && BRAND in error;
}
