import { MemoryStore } from '@tasked/store-memory';
import {
  runStoreCase,
  STORE_CASES,
  type StoreCaseId,
  type StoreSubject,
} from '@tasked/store-testkit';
import { describe, expect, it } from 'vitest';
import { answeringBugs } from './planted/answering.ts';
import { askingBugs } from './planted/asking.ts';
import { claimingBugs } from './planted/claiming.ts';
import { complaint } from './planted/complaint.ts';
import { creatingBugs } from './planted/creating.ts';
import { encodingBugs } from './planted/encoding.ts';
import { interveningBugs } from './planted/intervening.ts';
import { pruningBugs } from './planted/pruning.ts';
import { readingBugs } from './planted/reading.ts';
import { outputBugs } from './planted/reading-outputs.ts';
import { reportingBugs } from './planted/reporting.ts';
import { runningBugs } from './planted/running.ts';
import { settlingBugs } from './planted/settling.ts';
import { sharedMemory } from './planted/shared-memory.ts';
import { sharingBugs } from './planted/sharing.ts';
import { givingStore, standingBugs } from './planted/standing.ts';
import { tellingBugs } from './planted/telling.ts';

const ALONE = [
  creatingBugs,
  claimingBugs,
  standingBugs,
  settlingBugs,
  askingBugs,
  answeringBugs,
  reportingBugs,
  runningBugs,
  interveningBugs,
  pruningBugs,
  readingBugs,
  outputBugs,
  encodingBugs,
  tellingBugs,
].flat();
const BUGS = [
  ...ALONE.map(({ name, caughtBy, plant }) => ({
    name,
    caughtBy,
    subject: { name, open: async () => plant(new MemoryStore()) },
  })),
  ...sharingBugs.map(({ name, caughtBy, again }) => ({
    name,
    caughtBy,
    subject: sharedMemory(again),
  })),
];

/** What a store with any of the bugs still does right: a bug that breaks everything proves nothing. */
const HARMLESS: StoreCaseId = 'queues.ensure';

describe('the store contract catches a store that', () => {
  for (const { name, caughtBy, subject } of BUGS) {
    it(name, async () => {
      const caught: StoreCaseId[] = [];
      for (const id of caughtBy) if ((await complaintOf(id, subject)) !== null) caught.push(id);
      expect(caught).toEqual(caughtBy);
      expect(await complaintOf(HARMLESS, subject)).toBeNull();
    });
  }
});

it('the store contract is kept by a store that gives to standing claims', async () => {
  const subject = { name: 'giving', open: async () => givingStore(new MemoryStore()) };
  const { standing: cases = [] } = STORE_CASES;
  expect(cases).not.toEqual([]);
  for (const { id } of cases) {
    expect([id, await complaintOf(id as StoreCaseId, subject)]).toEqual([id, null]);
  }
});

it('every concern of the store contract catches a planted bug', () => {
  const caught = new Set(BUGS.flatMap(({ caughtBy }) => caughtBy));
  const idle = Object.entries(STORE_CASES)
    .filter(([, cases]) => !cases.some(({ id }) => caught.has(id)))
    .map(([concern]) => concern);
  expect(idle).toEqual([]);
});

async function complaintOf(id: StoreCaseId, subject: StoreSubject): Promise<string | null> {
  const found = Object.values(STORE_CASES)
    .flat()
    .find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return complaint(runStoreCase(subject, found));
}
