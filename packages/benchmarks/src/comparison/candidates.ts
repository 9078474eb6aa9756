import type { Candidate } from './contender.ts';
import { bullmq } from './contenders/bullmq.ts';
import { dbos } from './contenders/dbos.ts';
import { graphileWorker, graphileWorkerWide } from './contenders/graphile-worker.ts';
import { openworkflowPostgres, openworkflowSqlite } from './contenders/openworkflow.ts';
import { pgBoss } from './contenders/pg-boss.ts';
import { taskedPostgres, taskedSqlite } from './contenders/tasked.ts';

/** Everybody who is compared. */
export const CANDIDATES = {
  taskedPostgres,
  graphileWorker,
  graphileWorkerWide,
  pgBoss,
  dbos,
  openworkflowPostgres,
  bullmq,
  taskedSqlite,
  openworkflowSqlite,
} as const satisfies Record<string, Candidate>;

/** Key of one of {@link CANDIDATES}. */
export type CandidateName = keyof typeof CANDIDATES;
