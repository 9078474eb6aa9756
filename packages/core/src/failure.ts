/**
 * Why an attempt failed; data, stored with the task. `code` is a short word an agent can act on:
 * `exit_code`, `timeout`, `worker_lost`, `unresolved_reference`, … `message` says what happened and what
 * to do. `retryable` is false when a further attempt cannot end better.
 */
export interface TaskFailure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}
