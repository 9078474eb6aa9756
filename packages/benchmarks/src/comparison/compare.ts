import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from '../machine.ts';
import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Comparison, ComparisonRound, Figures } from './comparison.ts';
import type { Candidate, Place } from './contender.ts';
import { closeGrowthRig, type GrowthRig, growthRound, openGrowthRig } from './growth.ts';
import { MEASURES } from './measures.ts';
import { PostgresServer } from './postgres-server.ts';
import { rawRound } from './raw-limits.ts';
import { RedisServer } from './redis-server.ts';
import { restartMs } from './restart.ts';
import { closeTeam, openTeam, type Site, type Team } from './team.ts';
import { versionOf } from './versions.ts';

/** Measures everybody in turn, work by work, on one machine and one PostgreSQL. */
export async function compare(rounds: number): Promise<Comparison> {
  const server = await PostgresServer.start();
  const redis = await RedisServer.start();
  const folder = await mkdtemp(join(tmpdir(), 'tasked-bench-'));
  const site = { server, redisPort: redis?.port ?? null, folder };
  const teams: Team[] = [];
  let rig: GrowthRig | null = null;
  try {
    for (const name of whoCanRun(site)) teams.push(await openTeam(name, site));
    const lost = restartMs(await newPlace('lost-host', site), 'frozen');
    rig = await openGrowthRig(site);
    const lostHostMs = await lost;
    const measured: ComparisonRound[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.log(`round ${round} of ${rounds}`);
      measured.push(await measureRound({ teams, rig, site, round }));
    }
    return {
      machine: machine(),
      servers: [
        await server.description(),
        redis?.description() ?? 'Redis is not there: BullMQ was left out',
      ],
      versions: Object.fromEntries(teams.map((team) => [team.name, versionOf(team.candidate)])),
      lostHostMs,
      rounds: measured,
    };
  } finally {
    for (const team of teams) await closeTeam(team);
    if (rig !== null) await closeGrowthRig(rig);
    await redis?.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

interface RoundParts {
  readonly teams: readonly Team[];
  readonly rig: GrowthRig;
  readonly site: Site;
  readonly round: number;
}

async function measureRound({ teams, rig, site, round }: RoundParts): Promise<ComparisonRound> {
  const contenders = await measureTeams(teams, site.server);
  const raw = await rawRound(await site.server.create(`raw-${round}`));
  const killedMs = await restartMs(await newPlace(`killed-${round}`, site), 'killed');
  const growth = await growthRound(rig);
  console.log({ raw, killedMs, growth });
  return { contenders, raw, growth, killedMs };
}

async function measureTeams(
  teams: readonly Team[],
  server: PostgresServer,
): Promise<ComparisonRound['contenders']> {
  const all: Partial<Record<CandidateName, Figures>> = {};
  for (const measure of MEASURES) {
    for (const team of teams) {
      const figures = await measure(team);
      if (figures === null) continue;
      console.log(team.name, figures);
      all[team.name] = { ...all[team.name], ...figures };
      await server.tidy(team.name);
    }
  }
  return all;
}

function whoCanRun({ redisPort }: Site): readonly CandidateName[] {
  const names = Object.keys(CANDIDATES) as CandidateName[];
  const needsRedis = (name: CandidateName) => (CANDIDATES[name] as Candidate).keepsIn === 'Redis';
  return names.filter((name) => redisPort !== null || !needsRedis(name));
}

async function newPlace(name: string, { server, folder }: Site): Promise<Place> {
  const postgresUrl = await server.create(name);
  return { postgresUrl, directory: await mkdtemp(join(folder, `${name}-`)), redisPort: null };
}
