import type { Figure, Round } from '../figure.ts';
import { median, medianOf } from '../statistics.ts';
import { contention } from './contention.ts';
import { Engine } from './engine.ts';
import {
  diamondMs,
  fanOutRate,
  fill,
  hopMs,
  submitToEndMs,
  taskMicros,
  warmUp,
} from './measure.ts';
import { rawCommitMs, rawSqlite } from './raw-sqlite.ts';

/** What is measured of the engine on SQLite, with units and what it is to reach. */
export const SQLITE_FIGURES = {
  rawCommit: { title: 'raw better-sqlite3: one FULL commit', unit: 'ms' },
  raw10: { title: 'raw better-sqlite3: claim + complete, 10 a commit', unit: '/s' },
  raw200: { title: 'raw better-sqlite3: claim + complete, 200 a commit', unit: '/s' },
  fan200: { title: '10,000 tasks fanned out and joined, 200 slots', unit: '/s', atLeast: 40_000 },
  fan10: { title: '10,000 tasks fanned out and joined, 10 slots', unit: '/s', atLeast: 15_000 },
  hop: { title: 'chain of 1,000: one hop', unit: 'ms' },
  hopRatio: { title: 'chain hop / raw FULL commit', unit: '×', atMost: 2 },
  diamond: { title: '1 → 1,000 → 1, submit to end', unit: 'ms', atMost: 40 },
  idle: { title: 'one task on an idle engine, submit to end', unit: 'ms' },
  small: { title: 'a task in flows of 100, submit included', unit: 'µs' },
  big: { title: 'a task in a flow of 10,000, submit included', unit: 'µs' },
  growth: { title: 'a task in a flow of 10,000 / of 100', unit: '×', atMost: 1.25 },
  fullFan200: { title: 'with 100,000 ended flows: fan-out, 200 slots', unit: '/s' },
  fullFanRatio: { title: 'fan-out full / empty file', unit: '×', atLeast: 0.8 },
  fullHopRatio: { title: 'chain hop full / empty file', unit: '×', atMost: 1.2 },
  fullDiamondRatio: { title: '1 → 1,000 → 1 full / empty file', unit: '×', atMost: 1.2 },
  three: { title: 'three saturated processes on one file, together', unit: '/s' },
  threeLeast: { title: 'three processes: smallest share of the work', unit: '%', atLeast: 5 },
  threeStall: { title: 'three processes: longest event-loop stall', unit: 'ms', atMost: 50 },
} as const satisfies Record<string, Figure>;

/** Key of one of {@link SQLITE_FIGURES}. */
export type SqliteFigureName = keyof typeof SQLITE_FIGURES;

/** The engines that the rounds share: an empty file for each number of slots, and a full one. */
export interface SqliteRig {
  readonly wide: Engine;
  readonly narrow: Engine;
  readonly full: Engine;
}

/** Opens the engines, warm, the full one with 100,000 ended flows. */
export async function openSqliteRig(): Promise<SqliteRig> {
  const wide = await Engine.open(200);
  const narrow = await Engine.open(10);
  const full = await Engine.open(200);
  for (const engine of [wide, narrow, full]) await warmUp(engine);
  await fill(full, 100_000);
  return { wide, narrow, full };
}

/** One round of everything, the pairs that are compared next to each other. */
export async function sqliteRound({
  wide,
  narrow,
  full,
}: SqliteRig): Promise<Round<SqliteFigureName>> {
  const raw10 = rawSqlite(10).claimAndCompletePerSecond;
  const raw200 = rawSqlite(200).claimAndCompletePerSecond;
  const fan200 = await medianOf(3, () => fanOutRate(wide));
  const fullFan200 = await medianOf(3, () => fanOutRate(full));
  const fan10 = await medianOf(3, () => fanOutRate(narrow));
  const { rawCommit, hop, hopRatio, fullHopRatio } = await hops(wide, full);
  const diamond = await medianOf(7, () => diamondMs(wide));
  const fullDiamond = await medianOf(7, () => diamondMs(full));
  const idle = await medianOf(7, () => submitToEndMs(wide));
  const small = await taskMicros(wide, 100);
  const big = await taskMicros(wide, 10_000);
  const three = await contention(3);
  const shares = three.saturated.map((each) => each.tasks);
  const all = shares.reduce((sum, tasks) => sum + tasks, 0);
  return {
    rawCommit,
    raw10,
    raw200,
    fan200,
    fan10,
    hop,
    hopRatio,
    diamond,
    idle,
    small,
    big,
    growth: big / small,
    fullFan200,
    fullFanRatio: fullFan200 / fan200,
    fullHopRatio,
    fullDiamondRatio: fullDiamond / diamond,
    three: three.tasksPerSecond,
    threeLeast: (100 * Math.min(...shares)) / all,
    threeStall: Math.max(...three.saturated.map((each) => each.stallMaxMs)),
  };
}

/** Chains on both files, each next to the raw commit that it is compared with: what the disk does changes by the second. */
async function hops(wide: Engine, full: Engine) {
  const measured: { rawCommit: number; hop: number; fullHop: number }[] = [];
  for (let pair = 0; pair < 5; pair++) {
    const before = rawCommitMs();
    const hop = await hopMs(wide);
    const fullHop = await hopMs(full);
    measured.push({ rawCommit: (before + rawCommitMs()) / 2, hop, fullHop });
  }
  const of = (figure: (one: (typeof measured)[number]) => number) => median(measured.map(figure));
  return {
    rawCommit: of(({ rawCommit }) => rawCommit),
    hop: of(({ hop }) => hop),
    hopRatio: of(({ hop, rawCommit }) => hop / rawCommit),
    fullHopRatio: of(({ fullHop, hop }) => fullHop / hop),
  };
}
