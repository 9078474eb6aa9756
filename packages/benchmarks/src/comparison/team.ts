import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Candidate } from './contender.ts';
import { HostedContender } from './hosted-contender.ts';
import type { PostgresServer } from './postgres-server.ts';
import { together } from './runners.ts';

/** What everybody shares. */
export interface Site {
  readonly server: PostgresServer;
  readonly redisPort: number | null;
  /** Where each gets a directory. */
  readonly folder: string;
}

/** Three processes of one contender on one database. */
export interface Team {
  readonly name: CandidateName;
  readonly candidate: Candidate;
  readonly hosts: readonly [HostedContender, HostedContender, HostedContender];
}

/** Opens the processes, warm. */
export async function openTeam(name: CandidateName, site: Site): Promise<Team> {
  const place = {
    postgresUrl: await site.server.create(name),
    directory: await mkdtemp(join(site.folder, `${name}-`)),
    redisPort: site.redisPort,
  };
  const host = () => new HostedContender(name, place);
  const candidate: Candidate = CANDIDATES[name];
  const hosts = [host(), host(), host()] as const;
  await hosts[0].ask('warmUp', {});
  if (!candidate.throughputOnly) {
    await together(hosts, { jobs: Math.min(candidate.jobs, 3_000), slots: 500 });
  }
  return { name, candidate, hosts };
}

/** Ends the processes. */
export async function closeTeam({ hosts }: Team): Promise<void> {
  await Promise.all(hosts.map((host) => host.kill()));
}
