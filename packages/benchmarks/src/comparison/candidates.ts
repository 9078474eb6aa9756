import type { Candidate } from './contender.ts';
import { graphileWorker } from './contenders/graphile-worker.ts';
import { taskedPostgres, taskedSqlite } from './contenders/tasked.ts';

/** Everybody who is compared. */
export const CANDIDATES = {
  taskedPostgres,
  graphileWorker,
  taskedSqlite,
} as const satisfies Record<string, Candidate>;

/** Key of one of {@link CANDIDATES}. */
export type CandidateName = keyof typeof CANDIDATES;
