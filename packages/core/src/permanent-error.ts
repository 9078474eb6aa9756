const BRAND = Symbol.for('@tasked/PermanentError');

/** Thrown by what runs a task to fail it for good, however many retries are left. */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
  /** Becomes the `code` of the task's failure. */
  readonly code: string;

  constructor(message: string, options: { readonly code?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code ?? 'permanent_error';
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for a {@link PermanentError}, also one of another installed copy of this package. */
export function isPermanentError(error: unknown): error is PermanentError {
  return typeof error === 'object' && error !== null && BRAND in error;
}
