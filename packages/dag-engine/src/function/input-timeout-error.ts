import { type InputKey, PermanentError } from '@tasked/core';

/** Nobody answered in time. Fails the task for good with the code `input_timeout`, unless it is caught. */
export class InputTimeoutError extends PermanentError {
  override readonly name = 'InputTimeoutError';
  readonly keys: readonly InputKey[];

  constructor(keys: readonly InputKey[]) {
    super(`nobody answered in time: ${keys.join(', ')}`, { code: 'input_timeout' });
    this.keys = keys;
  }
}
