import type { Figure, Round } from '../figure.ts';
import { copyFlows, neverAnalyse } from './fill.ts';
import { HostedContender } from './hosted-contender.ts';
import { SLOTS } from './measures.ts';
import type { Site } from './site.ts';

/** How many jobs are measured. */
const JOBS = 20_000;

/** How many tasks have ended in the full tables, and wait in the unanalysed ones. */
const ENDED = 1_000_000;
const BACKLOG = 200_000;

/** What is measured of how we do as tables grow. */
export const GROWTH_FIGURES = {
  empty: { title: '20,000 jobs, few ended ones in the tables', unit: '/s' },
  full: { title: '20,000 jobs, 1,000,000 ended tasks in the tables', unit: '/s' },
  fullRatio: { title: 'the second / the first', unit: '×', atLeast: 0.75 },
  backlog: { title: 'the first 20,000 of 200,000 in unanalysed tables', unit: '/s' },
  backlogRatio: { title: 'that / the first', unit: '×', atLeast: 0.75 },
  small: { title: 'a task in 100 flows of 100, submit included', unit: 'µs' },
  big: { title: 'a task in a flow of 10,000, submit included', unit: 'µs' },
  flowRatio: { title: 'the second / the first', unit: '×', atMost: 1.25 },
} as const satisfies Record<string, Figure>;

/** Key of one of {@link GROWTH_FIGURES}. */
export type GrowthFigureName = keyof typeof GROWTH_FIGURES;

/** Engines on tables that hold little, many ended tasks, and many that wait. */
export interface GrowthRig {
  readonly empty: HostedContender;
  readonly full: HostedContender;
  readonly backlog: HostedContender;
}

/** Opens the engines and fills their tables. */
export async function openGrowthRig(site: Site): Promise<GrowthRig> {
  const empty = await open('empty', site);
  const full = await open('full', site);
  await full.ask('throughput', { jobs: JOBS, slots: SLOTS });
  await copyFlows(full.place.postgresUrl, Math.ceil(ENDED / (JOBS + 1_000)));
  const backlog = await open('backlog', site);
  await neverAnalyse(backlog.place.postgresUrl);
  await backlog.ask('enqueue', { jobs: BACKLOG - JOBS, lane: 'wide' });
  await backlog.ask('halt', {});
  return { empty, full, backlog };
}

/** Measures them, those that are compared next to each other. */
export async function growthRound(rig: GrowthRig): Promise<Round<GrowthFigureName>> {
  const { empty, full, backlog } = rig;
  await backlog.ask('enqueue', { jobs: JOBS, lane: 'wide' });
  await backlog.ask('halt', {});
  const emptyRate = await empty.ask('throughput', { jobs: JOBS, slots: SLOTS });
  const fullRate = await full.ask('throughput', { jobs: JOBS, slots: SLOTS });
  const backlogRate = await backlog.ask('slice', { jobs: JOBS, slots: SLOTS });
  const small = (await empty.ask('fan', { width: 98, copies: 100, slots: 50 })) / 10;
  const big = (await empty.ask('fan', { width: 9_998, copies: 1, slots: 50 })) / 10;
  return {
    empty: emptyRate,
    full: fullRate,
    fullRatio: fullRate / emptyRate,
    backlog: backlogRate,
    backlogRatio: backlogRate / emptyRate,
    small,
    big,
    flowRatio: big / small,
  };
}

/** Ends the engines. */
export async function closeGrowthRig(rig: GrowthRig): Promise<void> {
  for (const host of Object.values(rig)) await host.kill();
}

async function open(database: string, site: Site): Promise<HostedContender> {
  const host = new HostedContender('taskedPostgres', await site.place(database));
  await host.ask('warmUp', {});
  return host;
}
