import type { Attempt } from '@tasked/core';
import { expect } from 'vitest';
import type { JournalLine } from './journal.ts';

/** What is known of one task: its attempts as the store has them, and what its executions noted. */
export interface History {
  /** For people. */
  readonly label: string;
  readonly attempts: readonly Attempt[];
  readonly notes: readonly Note[];
}

/** A line of the journal, and where it stands. */
export interface Note extends JournalLine {
  readonly at: number;
}

/** The notes of each task, by flow and task id. */
export function notesByTask(lines: readonly JournalLine[]): ReadonlyMap<string, readonly Note[]> {
  const notes = new Map<string, Note[]>();
  for (const [at, line] of lines.entries()) {
    const key = `${line.flowId} ${line.taskId}`;
    const own = notes.get(key) ?? [];
    own.push({ ...line, at });
    notes.set(key, own);
  }
  return notes;
}

/**
 * A task that has succeeded did so once, in its last attempt, and nobody ran it again. Every execution has an attempt
 * of its own; those that did not succeed were lost with a runner that was killed.
 */
export function expectDoneOnce(history: History, killed: ReadonlySet<string>): void {
  const { label, attempts } = history;
  const begun = fencesOf(history, 'begin');
  const done = attempts.filter(({ end }) => end === 'succeeded');
  expect(done, label).toEqual([attempts.at(-1)]);
  expect(fencesOf(history, 'end'), label).toContain(done[0]?.fence);
  expect(begun.at(-1), label).toBe(done[0]?.fence);
  expect(new Set(begun).size, label).toBe(begun.length);
  for (const { fence, end, runnerId } of attempts) {
    if (end === 'lost') expect(killed, label).toContain(runnerId);
    // What an heir took over it gives back without having run it.
    else if (end !== 'succeeded')
      expect([end, begun.includes(fence)], label).toEqual(['retry', false]);
  }
  const fences = attempts.map(({ fence }) => fence);
  expect(
    begun.filter((fence) => !fences.includes(fence)),
    label,
  ).toEqual([]);
}

/** A task that waits for others began when all of them were done, and not before. */
export function expectJoined(join: History, before: readonly History[]): void {
  const begins = join.notes.filter(({ word }) => word === 'begin').map(({ at }) => at);
  for (const history of before) {
    const fence = history.attempts.at(-1)?.fence;
    const end = history.notes.find((note) => note.word === 'end' && note.fence === fence);
    expect(Math.min(...begins), join.label).toBeGreaterThan(end?.at ?? Number.POSITIVE_INFINITY);
  }
}

function fencesOf({ notes }: History, word: string): readonly number[] {
  return notes.filter((note) => note.word === word).map(({ fence }) => fence);
}
