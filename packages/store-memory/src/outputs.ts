import type { OutputPreview, StoredOutput } from '@tasked/core';
import { decodeJson } from '@tasked/core';
import type { TaskRecord } from './task-record.ts';

/** The outputs of `tasks`, up to `maxBytes` of JSON text together; see `WorkStore.readOutputs`. */
export function readOutputs(
  tasks: readonly (TaskRecord | undefined)[],
  maxBytes: number,
): readonly StoredOutput[] {
  let sum = 0;
  return tasks.map((task) => {
    const text = task?.outputText ?? null;
    if (text === null) return { kind: 'none' };
    const bytes = Buffer.byteLength(text);
    sum += bytes;
    return sum > maxBytes
      ? { kind: 'too_large', bytes }
      : { kind: 'output', value: decodeJson(text) };
  });
}

/** The beginning of a task's output; null when it has none. */
export function previewOutput(
  task: TaskRecord | undefined,
  maxChars: number,
): OutputPreview | null {
  const text = task?.outputText ?? null;
  if (text === null) return null;
  return { text: firstCodePoints(text, maxChars), bytes: Buffer.byteLength(text) };
}

function firstCodePoints(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (let count = 0; count < most && end < text.length; count++) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}
