import type { AttemptContext } from '@tasked/core';
import { ATTEMPT_VARIABLE, attemptMarker } from './attempt-marker.ts';

/** What a command gets of the environment of the process that runs it. */
const PASSED_ALWAYS: readonly string[] = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR'];

const RESERVED_PREFIX = 'TASKED_';

/** The environment of one process. */
export type Environment = Readonly<Record<string, string>>;

/** True for names that only the executor sets. */
export function isReservedVariable(name: string): boolean {
  return name.startsWith(RESERVED_PREFIX);
}

/** A few variables of this process, and those that its operator lets through. */
export function passedEnvironment(passEnv: readonly string[]): Environment {
  const names = [...PASSED_ALWAYS, ...passEnv].filter((name) => !isReservedVariable(name));
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What tells a command which attempt it is, and us which processes belong to it. */
export function attemptEnvironment({ ref, attempt }: AttemptContext): Environment {
  return {
    [ATTEMPT_VARIABLE]: attemptMarker(ref),
    TASKED_FLOW_ID: ref.flowId,
    TASKED_TASK_ID: ref.taskId,
    TASKED_ATTEMPT_NUMBER: String(attempt),
  };
}
