import type { TaskFailure } from '@tasked/core';

/** A failure in one text: the word to act on, then what happened. */
export function failureText({ code, message }: TaskFailure): string {
  return `${code}: ${message}`.toWellFormed();
}
