import type { Attempt, EpochMs, RunnerId, TaskFailure } from '@tasked/core';
import { attemptEndOf, END } from './codes.ts';

/** An attempt as a database has it: how it ended is a code, its failure is JSON. */
export interface AttemptRow {
  readonly fence: number;
  readonly runnerId: RunnerId;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly end: number | null;
  readonly failure: string | null;
}

/** The history of one task, whose rows are in the order of their fences. */
export function attemptsOf(rows: readonly AttemptRow[]): readonly Attempt[] {
  return rows.map((row, index) => attemptOf(row, rows[index - 1]));
}

/** A take-over opens an attempt at the moment at which it ends the one before, without a claim. */
function attemptOf({ end, failure, ...row }: AttemptRow, before: AttemptRow | undefined): Attempt {
  const takenAt = before?.end === END.lost ? before.endedAt : null;
  return {
    ...row,
    startedAt: takenAt ?? row.startedAt,
    end: end === null ? null : attemptEndOf(end),
    failure: failure === null ? null : (JSON.parse(failure) as TaskFailure),
  };
}
