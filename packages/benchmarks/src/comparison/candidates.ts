import type { Candidate } from './contender.ts';

/*
 * Everybody who is compared, how they are set up for speed, and who recommends it. The packages are loaded when one is
 * opened, so that no process carries those of the others.
 */

const tasked = {
  title: 'Tasked',
  packageName: null,
  scope: 'everything',
  jobs: 20_000,
  samples: 100,
  settings:
    'defaults, slots as asked; the whole engine without MCP: validation, attempts, fences, stored outputs',
  chains: 'dependencies of one flow',
  limits: true,
  restart: null,
} as const;

const taskedPostgres: Candidate = {
  ...tasked,
  keepsIn: 'PostgreSQL',
  open: async (place) => (await import('./contenders/tasked.ts')).openTaskedPostgres(place),
};

const taskedSqlite: Candidate = {
  ...tasked,
  keepsIn: 'SQLite',
  open: async (place) => (await import('./contenders/tasked.ts')).openTaskedSqlite(place),
};

const graphileWorker: Candidate = {
  title: 'graphile-worker',
  packageName: 'graphile-worker',
  keepsIn: 'PostgreSQL',
  scope: 'everything',
  jobs: 20_000,
  samples: 100,
  settings:
    'localQueue.size 500, completeJobBatchDelay 0, failJobBatchDelay 0, concurrentJobs 24, maxPoolSize 25; ' +
    'addJobs in batches of 5,000 (worker.graphile.org/docs/performance)',
  chains: 'a job enqueues the next; a join is a counter row',
  limits: false,
  restart: '4 h: then a job is unlocked (worker.graphile.org/docs/error-handling)',
  async open(place) {
    const { openGraphileWorker } = await import('./contenders/graphile-worker.ts');
    return openGraphileWorker(place, 500);
  },
};

const graphileWorkerWide: Candidate = {
  ...graphileWorker,
  title: 'graphile-worker, 2,000 in flight',
  scope: 'throughput',
  settings:
    'as above, but localQueue.size 2000: what it could do without the limit of 500 in flight',
  async open(place) {
    const { openGraphileWorker } = await import('./contenders/graphile-worker.ts');
    return openGraphileWorker(place, 2_000);
  },
};

const pgBoss: Candidate = {
  title: 'pg-boss',
  packageName: 'pg-boss',
  keepsIn: 'PostgreSQL',
  scope: 'everything',
  jobs: 20_000,
  samples: 100,
  settings:
    'useListenNotify, queues with notify, burstWhenBatchFull, flowIntervalSeconds 1 and polling every 0.5 s (the least), batches of 100 in 5 local workers (of 50 in one for (b) and ' +
    '(c)); insert in batches of 5,000; the limit of (g) is groupConcurrency (docs/api/workers.md, docs/api/queues.md)',
  chains: 'a job enqueues the next; a join is a flow',
  limits: true,
  restart: '15 min: expireInSeconds; queues with heartbeatSeconds sooner (docs/api/queues.md)',
  open: async (place) => (await import('./contenders/pg-boss.ts')).openPgBoss(place, 'flow'),
};

const pgBossCounter: Candidate = {
  ...pgBoss,
  title: 'pg-boss, counter row',
  scope: 'fan',
  settings:
    'as above, but a batch of 100 leaves lowers a counter at once; a batch that runs again lowers it twice',
  chains: 'a join is a counter row',
  open: async (place) => (await import('./contenders/pg-boss.ts')).openPgBoss(place, 'counter'),
};

const dbos: Candidate = {
  title: 'DBOS',
  packageName: '@dbos-inc/dbos-sdk',
  keepsIn: 'PostgreSQL',
  scope: 'everything',
  jobs: 2_000,
  samples: 50,
  settings:
    'queues with minPollingIntervalMs 10 and workerConcurrency as asked, systemDatabasePoolSize 20; the limit of (g) is ' +
    'globalConcurrency (docs.dbos.dev/typescript/reference/queues)',
  chains: 'steps of one workflow, those side by side by Promise.all',
  limits: true,
  restart:
    'when the same executor starts again, or by its paid Conductor (docs.dbos.dev/production/workflow-recovery)',
  open: async (place) => (await import('./contenders/dbos.ts')).openDbos(place),
};

const openworkflow = {
  title: 'openworkflow',
  packageName: 'openworkflow',
  samples: 15,
  chains: 'steps of one workflow, those side by side by Promise.all',
  limits: false,
  restart: '30 s: its lease (worker.js), then its next poll',
} as const;

const openworkflowPostgres: Candidate = {
  ...openworkflow,
  keepsIn: 'PostgreSQL',
  scope: 'everything',
  jobs: 500,
  settings:
    'worker concurrency as asked; it polls every 0.1 to 1 s (openworkflow.dev/docs/workers, /docs/production)',
  async open(place) {
    const { openOpenWorkflowPostgres } = await import('./contenders/openworkflow.ts');
    return openOpenWorkflowPostgres(place);
  },
};

const openworkflowSqlite: Candidate = {
  ...openworkflow,
  keepsIn: 'SQLite',
  scope: 'one runner',
  jobs: 300,
  settings:
    'as on PostgreSQL; WAL as it sets it; several runners on one file fail with “database is locked”',
  async open(place) {
    const { openOpenWorkflowSqlite } = await import('./contenders/openworkflow.ts');
    return openOpenWorkflowSqlite(place);
  },
};

const bullmq: Candidate = {
  title: 'BullMQ',
  packageName: 'bullmq',
  keepsIn: 'Redis',
  scope: 'everything',
  jobs: 10_000,
  samples: 100,
  settings:
    'Redis with AOF every second and noeviction, removeOnComplete of all but 1,000 jobs, concurrency as asked; addBulk in ' +
    'batches of 5,000; the limit of (g) is setGlobalConcurrency (docs.bullmq.io/guide/going-to-production)',
  chains: 'a job enqueues the next; a join is a flow',
  limits: true,
  restart:
    '30 to 60 s: lockDuration, then the next look of stalledInterval (docs.bullmq.io/guide/jobs/stalled)',
  open: async (place) => (await import('./contenders/bullmq.ts')).openBullmq(place),
};

/** All of them, in the order of the report. */
export const CANDIDATES = {
  taskedPostgres,
  graphileWorker,
  graphileWorkerWide,
  pgBoss,
  pgBossCounter,
  dbos,
  openworkflowPostgres,
  bullmq,
  taskedSqlite,
  openworkflowSqlite,
} as const satisfies Record<string, Candidate>;

/** Key of one of {@link CANDIDATES}. */
export type CandidateName = keyof typeof CANDIDATES;
