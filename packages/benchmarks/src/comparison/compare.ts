import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from '../machine.ts';
import { percentile } from '../statistics.ts';
import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Comparison, ComparisonRound, Figures } from './comparison.ts';
import { HostedContender } from './hosted-contender.ts';
import { PostgresServer } from './postgres-server.ts';
import { versionOf } from './versions.ts';
import type { WorkName } from './works.ts';

/** Jobs at once where there are enough of them. */
const SLOTS = 500;

/** What is measured, and what of it is kept. */
const MEASURES: readonly ((host: HostedContender) => Promise<Figures>)[] = [
  async (host) => {
    const { jobs } = CANDIDATES[host.name];
    return { throughput: await host.ask('throughput', { jobs, slots: SLOTS }) };
  },
  async (host) => {
    const latencies = await host.ask('latency', { samples: 100 });
    return { latency50: percentile(latencies, 0.5), latency99: percentile(latencies, 0.99) };
  },
  async (host) => ({ chain: await host.ask('chain', { length: 100 }) }),
  async (host) => ({ fan: await host.ask('fan', { width: 1_000 }) }),
];

/** Measures everybody in turn, work by work, on one machine and one PostgreSQL. */
export async function compare(rounds: number): Promise<Comparison> {
  const names = Object.keys(CANDIDATES) as CandidateName[];
  const folder = await mkdtemp(join(tmpdir(), 'tasked-bench-'));
  const server = await PostgresServer.start();
  const hosts: HostedContender[] = [];
  try {
    for (const name of names) {
      const directory = await mkdtemp(join(folder, `${name}-`));
      const postgresUrl = await server.create(name);
      const host = new HostedContender(name, { postgresUrl, directory, redisPort: null });
      hosts.push(host);
      await host.ask('warmUp', {});
    }
    const measured: ComparisonRound[] = [];
    for (let round = 0; round < rounds; round++) {
      console.log(`round ${round + 1} of ${rounds}`);
      measured.push(await measureAll(hosts, server));
    }
    return {
      machine: machine(),
      servers: [await server.description()],
      versions: Object.fromEntries(names.map((name) => [name, versionOf(CANDIDATES[name])])),
      rounds: measured,
    };
  } finally {
    for (const host of hosts) await host.end();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

async function measureAll(
  hosts: readonly HostedContender[],
  server: PostgresServer,
): Promise<ComparisonRound> {
  const all: Partial<Record<CandidateName, Partial<Record<WorkName, number>>>> = {};
  for (const measure of MEASURES) {
    for (const host of hosts) {
      const figures = await measure(host);
      all[host.name] = { ...all[host.name], ...figures };
      console.log(host.name, figures);
      await server.tidy(host.name);
    }
  }
  return all;
}
