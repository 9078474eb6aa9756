import type { InputKey, JsonValue, Resume } from '@tasked/core';

/** An input as a database has it: its answer is JSON, null while there is none. */
export interface AskedRow {
  readonly key: InputKey;
  readonly answer: string | null;
}

/** What a task asked for and saved, as its next attempt gets it; null when that is nothing. */
export function resumeOf(asked: readonly AskedRow[], saved: string | null): Resume | null {
  if (asked.length === 0 && saved === null) return null;
  const answers = asked.flatMap(({ key, answer }) =>
    answer === null ? [] : [[key, JSON.parse(answer) as JsonValue] as const],
  );
  return {
    answers: Object.fromEntries(answers),
    expired: asked.filter(({ answer }) => answer === null).map(({ key }) => key),
    saved: saved === null ? null : (JSON.parse(saved) as JsonValue),
  };
}
