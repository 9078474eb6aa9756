import { percentile } from '../statistics.ts';
import type { Figures } from './comparison.ts';
import { NARROW } from './contender.ts';
import { narrow, together } from './runners.ts';
import type { Team } from './team.ts';

/** Jobs at once where there are enough of them. */
export const SLOTS = 500;

/** The work of the narrow queue: how many jobs, and how long each takes. */
const NARROW_JOBS = 300;
const NARROW_MS = 50;

/** What the narrow queue could let through at most, in jobs a second. */
export const NARROW_IDEAL = NARROW / (NARROW_MS / 1_000);

/** What everybody is measured with, one after the other; null: this contender cannot. */
export const MEASURES: readonly ((team: Team) => Promise<Figures> | null)[] = [
  async ({ hosts: [host], candidate: { jobs } }) => ({
    throughput: await host.ask('throughput', { jobs, slots: SLOTS }),
  }),
  forAll(async ({ hosts: [host], candidate: { samples } }) => {
    const latencies = await host.ask('latency', { samples });
    return { latency50: percentile(latencies, 0.5), latency99: percentile(latencies, 0.99) };
  }),
  forAll(async ({ hosts: [host] }) => ({ chain: await host.ask('chain', { length: 100 }) })),
  forAll(async ({ hosts: [host] }) => ({
    fan: await host.ask('fan', { width: 1_000, copies: 1 }),
  })),
  forAll(async ({ hosts: [first, second], candidate: { jobs } }) => ({
    two: await together([first, second], { jobs, slots: SLOTS }),
  })),
  forAll(async ({ hosts, candidate: { jobs } }) => ({
    three: await together(hosts, { jobs, slots: SLOTS }),
  })),
  (team) => (team.candidate.limits ? limited(team) : null),
];

function forAll(measure: (team: Team) => Promise<Figures>) {
  return (team: Team) => (team.candidate.throughputOnly ? null : measure(team));
}

async function limited({ hosts: [first, second] }: Team): Promise<Figures> {
  const { most, jobsPerSecond } = await narrow([first, second], {
    jobs: NARROW_JOBS,
    workMs: NARROW_MS,
  });
  return { narrowMost: most, narrowRate: jobsPerSecond };
}
