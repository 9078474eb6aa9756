import { percentile } from '../statistics.ts';
import type { Figures } from './comparison.ts';
import { type Candidate, NARROW } from './contender.ts';
import { narrow, together } from './runners.ts';
import type { Team } from './team.ts';

/** Jobs at once where there are enough of them. */
export const SLOTS = 500;

/** The work of the narrow queue: how many jobs, and how long each takes. */
const NARROW_JOBS = 300;
const NARROW_MS = 50;

/** What the narrow queue could let through at most, in jobs a second. */
export const NARROW_IDEAL = NARROW / (NARROW_MS / 1_000);

/** One of the things that are measured. */
interface Measure {
  canBe(candidate: Candidate): boolean;
  measure(team: Team): Promise<Figures>;
}

const severalRunners = ({ scope }: Candidate) => scope === 'everything';
const oneRunner = ({ scope }: Candidate) => scope === 'everything' || scope === 'one runner';

/** What everybody is measured with, one after the other. */
export const MEASURES: readonly Measure[] = [
  { canBe: (who) => oneRunner(who) || who.scope === 'throughput', measure: throughput },
  { canBe: oneRunner, measure: latency },
  { canBe: oneRunner, measure: chain },
  { canBe: (who) => oneRunner(who) || who.scope === 'fan', measure: fan },
  { canBe: severalRunners, measure: two },
  { canBe: severalRunners, measure: three },
  { canBe: (who) => who.limits && who.scope === 'everything', measure: limited },
];

async function throughput({ hosts: [host], candidate: { jobs } }: Team): Promise<Figures> {
  return { throughput: await host.ask('throughput', { jobs, slots: SLOTS }) };
}

async function latency({ hosts: [host], candidate: { samples } }: Team): Promise<Figures> {
  const latencies = await host.ask('latency', { samples });
  return { latency50: percentile(latencies, 0.5), latency99: percentile(latencies, 0.99) };
}

async function chain({ hosts: [host] }: Team): Promise<Figures> {
  return { chain: await host.ask('chain', { length: 100 }) };
}

async function fan({ hosts: [host] }: Team): Promise<Figures> {
  return { fan: await host.ask('fan', { width: 1_000, copies: 1, slots: SLOTS }) };
}

async function two({ hosts: [first, second], candidate: { jobs } }: Team): Promise<Figures> {
  return { two: await together([first, second], { jobs, slots: SLOTS }) };
}

async function three({ hosts, candidate: { jobs } }: Team): Promise<Figures> {
  return { three: await together(hosts, { jobs, slots: SLOTS }) };
}

async function limited({ hosts: [first, second] }: Team): Promise<Figures> {
  const { most, jobsPerSecond } = await narrow([first, second], {
    jobs: NARROW_JOBS,
    workMs: NARROW_MS,
  });
  return { narrowMost: most, narrowRate: jobsPerSecond };
}
