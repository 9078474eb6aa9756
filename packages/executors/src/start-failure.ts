import type { TaskFailure } from '@tasked/core';
import type { Launch } from './launch.ts';

/** Shortages of the machine, which pass. */
const PASSING: ReadonlySet<string> = new Set(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

/** Says why a command could not be started, by the system's error code, and what to do about it. */
export function startFailure(
  launch: Launch,
  { code, message }: { readonly code: string; readonly message: string },
): TaskFailure {
  return {
    code: 'not_started',
    message: `${launch.file} could not be started: ${explanation(code, launch) ?? message}`,
    retryable: PASSING.has(code),
  };
}

function explanation(code: string, { env }: Launch): string | undefined {
  switch (code) {
    case 'ENOENT':
      return `there is no such program on the PATH (${env.PATH ?? 'which is not set'}), or the interpreter it names in its first line is missing`;
    case 'EACCES':
      return 'it is no executable file, or may not be executed by this user';
    case 'E2BIG':
      return "its arguments and environment together are larger than the system takes; pass large data by the task's input or by a file";
    default:
      return PASSING.has(code) ? `the machine is short of resources (${code})` : undefined;
  }
}
