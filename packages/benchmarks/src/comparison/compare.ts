import { machine } from '../machine.ts';
import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Comparison, ComparisonRound, Figures } from './comparison.ts';
import type { Candidate } from './contender.ts';
import { closeGrowthRig, type GrowthRig, growthRound, openGrowthRig } from './growth.ts';
import { MEASURES } from './measures.ts';
import { rawRound } from './raw-limits.ts';
import { restartMs } from './restart.ts';
import { Site } from './site.ts';
import { Team } from './team.ts';
import { versionOf } from './versions.ts';

/** Measures everybody in turn, work by work, on one machine and one PostgreSQL. */
export async function compare(rounds: number): Promise<Comparison> {
  const site = await Site.open();
  const teams: Team[] = [];
  let rig: GrowthRig | null = null;
  try {
    for (const name of whoCanRun(site)) teams.push(await Team.open(name, site));
    const lost = restartMs(await site.place('lost-host'), 'frozen');
    rig = await openGrowthRig(site);
    const lostHostMs = await lost;
    const measured: ComparisonRound[] = [];
    for (let round = 1; round <= rounds; round++) {
      console.log(`round ${round} of ${rounds}`);
      measured.push(await measureRound({ site, teams, rig, round }));
    }
    return {
      machine: machine(),
      servers: await site.description(),
      versions: Object.fromEntries(teams.map((team) => [team.name, versionOf(team.candidate)])),
      failures: teams.flatMap(({ failure }) => failure ?? []),
      lostHostMs,
      rounds: measured,
    };
  } finally {
    for (const team of teams) await team.close();
    if (rig !== null) await closeGrowthRig(rig);
    await site.close();
  }
}

/** Measures (a) to (e) and (g) of some, and tells it line by line: for while something is being made faster. */
export async function compareSome(names: readonly CandidateName[], rounds: number): Promise<void> {
  const site = await Site.open();
  const teams: Team[] = [];
  try {
    for (const name of names) teams.push(await Team.open(name, site));
    for (let round = 0; round < rounds; round++) await measureTeams(teams, site);
  } finally {
    for (const team of teams) await team.close();
    await site.close();
  }
}

interface RoundParts {
  readonly site: Site;
  readonly teams: readonly Team[];
  readonly rig: GrowthRig;
  readonly round: number;
}

async function measureRound({ site, teams, rig, round }: RoundParts): Promise<ComparisonRound> {
  const contenders = await measureTeams(teams, site);
  const { postgresUrl } = await site.place(`raw-${round}`);
  const raw = await rawRound(postgresUrl);
  const killedMs = await restartMs(await site.place(`killed-${round}`), 'killed');
  const growth = await growthRound(rig);
  console.log({ raw, killedMs, growth });
  return { contenders, raw, growth, killedMs };
}

async function measureTeams(
  teams: readonly Team[],
  { server }: Site,
): Promise<ComparisonRound['contenders']> {
  const all: Partial<Record<CandidateName, Figures>> = {};
  for (const { canBe, measure } of MEASURES) {
    for (const team of teams) {
      if (!canBe(team.candidate)) continue;
      const figures = await team.measure(measure);
      if (figures === null) continue;
      console.log(team.name, figures);
      all[team.name] = { ...all[team.name], ...figures };
      await server.tidy(team.name);
    }
  }
  return all;
}

function whoCanRun({ redis }: Site): readonly CandidateName[] {
  const names = Object.keys(CANDIDATES) as CandidateName[];
  const needsRedis = (name: CandidateName) => (CANDIDATES[name] as Candidate).keepsIn === 'Redis';
  return names.filter((name) => redis !== null || !needsRedis(name));
}
