import { MemoryLogStore } from '@tasked/store-memory';
import { LOG_STORE_CASES, type LogStoreCaseId, runLogStoreCase } from '@tasked/store-testkit';
import { describe, expect, it } from 'vitest';
import { complaint } from './planted/complaint.ts';
import { type LogBug, loggingBugs } from './planted/logging.ts';

describe('the log contract catches a log store that', () => {
  for (const bug of loggingBugs) {
    it(bug.name, async () => {
      const caught: LogStoreCaseId[] = [];
      for (const id of bug.caughtBy) if ((await complaintOf(id, bug)) !== null) caught.push(id);
      expect(caught).toEqual(bug.caughtBy);
    });
  }
});

it('every concern of the log contract catches a planted bug', () => {
  const caught = new Set(loggingBugs.flatMap(({ caughtBy }) => caughtBy));
  for (const [concern, cases] of Object.entries(LOG_STORE_CASES)) {
    expect(
      cases.some(({ id }) => caught.has(id)),
      concern,
    ).toBe(true);
  }
});

async function complaintOf(id: LogStoreCaseId, bug: LogBug): Promise<string | null> {
  const found = Object.values(LOG_STORE_CASES)
    .flat()
    .find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  const subject = { name: bug.name, open: async () => bug.plant(new MemoryLogStore()) };
  return complaint(runLogStoreCase(subject, found));
}
