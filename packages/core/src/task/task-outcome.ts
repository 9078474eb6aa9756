import type { JsonObject, JsonValue } from '../json.ts';

/** How a task ended. */
export type TaskOutcome =
  /** The result of the request, as it is to be returned; that of a tool may have `isError: true`. */
  | { readonly kind: 'result'; readonly result: JsonObject }
  /** The request failed as a request: what is to be thrown. */
  | { readonly kind: 'error'; readonly error: TaskError }
  | { readonly kind: 'cancelled' };

/** An error of JSON-RPC. */
export interface TaskError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}
