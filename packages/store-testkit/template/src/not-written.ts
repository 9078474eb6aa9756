import { TaskedError } from '@tasked/core';

/** What a method throws until it is written; delete this file with the last of them. */
export function notWritten(method: string): never {
  throw new TaskedError(
    'unsupported',
    `${method} is not written yet: the comment at its port in packages/core/src/ports says what it promises, ` +
      'docs/writing-a-store.md which method to write next',
  );
}
