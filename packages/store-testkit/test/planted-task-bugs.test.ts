import {
  runTaskStoreCase,
  TASK_STORE_CASES,
  type TaskStoreCaseId,
  type TaskStoreSubject,
} from '@tasked/store-testkit';
import { describe, expect, it } from 'vitest';
import { complaint } from './planted/complaint.ts';
import { subjectWith } from './planted/task-bug.ts';
import { taskReadingBugs } from './planted/task-reading.ts';
import { taskSharingBugs } from './planted/task-sharing.ts';
import { taskWritingBugs } from './planted/task-writing.ts';

const BUGS = [...taskWritingBugs, ...taskReadingBugs, ...taskSharingBugs];
const CASES = Object.values(TASK_STORE_CASES).flat();

describe('the task store contract catches a store that', () => {
  for (const bug of BUGS) {
    it(bug.name, async () => {
      const subject = subjectWith(bug);
      const caught: TaskStoreCaseId[] = [];
      for (const id of bug.caughtBy) if ((await complaintOf(id, subject)) !== null) caught.push(id);
      expect(caught).toEqual(bug.caughtBy);
    });
  }
});

it('every case of the task store contract passes without a bug, and catches one', async () => {
  const sound = subjectWith({ name: 'sound', caughtBy: [], plant: () => ({}) });
  for (const { id } of CASES) expect(await complaintOf(id, sound), id).toBeNull();
  const caught = new Set(BUGS.flatMap(({ caughtBy }) => caughtBy));
  expect(CASES.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual([]);
});

async function complaintOf(id: TaskStoreCaseId, subject: TaskStoreSubject): Promise<string | null> {
  const found = CASES.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return complaint(runTaskStoreCase(subject, found));
}
