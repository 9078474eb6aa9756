import { figureTable, percent, reached, readable } from '../figure.ts';
import { median, spread } from '../statistics.ts';
import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Comparison } from './comparison.ts';
import { type Candidate, NARROW } from './contender.ts';
import { GROWTH_FIGURES } from './growth.ts';
import { NARROW_IDEAL } from './measures.ts';
import { RAW_FIGURES } from './raw-limits.ts';
import { WORKS, type Work, type WorkName } from './works.ts';

/** Whom everybody is compared with. */
const OURS: CandidateName = 'taskedPostgres';

/** The comparison, as a section of Markdown. */
export function comparisonReport(comparison: Comparison): string {
  const works = Object.keys(WORKS) as WorkName[];
  return [
    '## Compared on PostgreSQL',
    `${[comparison.machine, ...comparison.servers].join('; ')}; rounds: ${comparison.rounds.length}. ${ABOUT}`,
    whoTable(comparison),
    ...comparison.failures.map((failure) => `Left out after it failed: ${failure}.`),
    ...works.map((work) => workTable(comparison, work)),
    restartTable(comparison),
    narrowTable(comparison),
    growthTable(comparison),
    rawTable(comparison),
  ].join('\n\n');
}

const ABOUT = `Each contender runs in a process of its own with a
database of its own on this one server, and is open only while it is measured; they take turns work by work. “Ours ×” is
how many times as good we are: the median of the ratios of the same round.`;

function whoTable({ versions }: Comparison): string {
  const rows = (Object.keys(versions) as CandidateName[]).map((name) => {
    const { title, keepsIn, settings, chains, jobs } = candidate(name);
    return `| ${[title, versions[name], keepsIn, settings, chains, readable(jobs)].join(' | ')} |`;
  });
  const head =
    '| who | version | keeps in | set up with | chains and joins | jobs of (a) |\n|---|---|---|---|---|---:|';
  return [head, ...rows].join('\n');
}

function workTable({ rounds, versions }: Comparison, name: WorkName): string {
  const work: Work = WORKS[name];
  const rows = (Object.keys(versions) as CandidateName[]).flatMap((contender) => {
    const pairs = rounds.flatMap((round) => {
      const theirs = round.contenders[contender]?.[name];
      const ours = round.contenders[OURS]?.[name];
      return theirs === undefined || ours === undefined ? [] : [{ theirs, ours }];
    });
    return pairs.length === 0 ? [] : [row(contender, work, pairs)];
  });
  const head = '| who | median | spread | ours × | to reach | |\n|---|---:|---:|---:|---:|---|';
  return [`### ${work.title}\n`, head, ...rows].join('\n');
}

function row(
  name: CandidateName,
  work: Work,
  pairs: readonly { readonly theirs: number; readonly ours: number }[],
): string {
  const { title, keepsIn } = candidate(name);
  const figures = pairs.map((pair) => pair.theirs);
  const ratio = median(
    pairs.map(({ theirs, ours }) => (work.better === 'more' ? ours / theirs : theirs / ours)),
  );
  const ours = candidate(name).packageName === null;
  const target = ours ? null : work.target(candidate(name));
  const cells = [
    `${title}, ${keepsIn}`,
    `${readable(median(figures))} ${work.unit}`,
    percent(spread(figures)),
    ours ? '' : readable(ratio),
    target === null ? '' : `≥ ${target}`,
    target === null ? '' : reached(ratio >= target),
  ];
  return `| ${cells.join(' | ')} |`;
}

function restartTable({ versions, rounds, lostHostMs }: Comparison): string {
  const killed = median(rounds.map((round) => round.killedMs)) / 1_000;
  const lost = lostHostMs / 1_000;
  const peers = (Object.keys(versions) as CandidateName[]).flatMap((name) => {
    const { title, keepsIn, restart, scope } = candidate(name);
    if (restart === null || scope === 'throughput' || scope === 'fan') return [];
    return [`| ${title}, ${keepsIn} | not waited for: ${restart} | | |`];
  });
  return [
    '### (f) From the loss of a process until its task runs again, default settings\n',
    '| who | | to reach | |\n|---|---|---:|---|',
    `| Tasked, PostgreSQL: kill -9 | ${readable(killed)} s | ≤ 2 s | ${reached(killed <= 2)} |`,
    `| Tasked, PostgreSQL: lost host (SIGSTOP) | ${readable(lost)} s | ≤ 35 s | ${reached(lost <= 35)} |`,
    ...peers,
  ].join('\n');
}

function narrowTable({ versions, rounds }: Comparison): string {
  const rows = (Object.keys(versions) as CandidateName[]).flatMap((name) => {
    const seen = rounds.flatMap(({ contenders }) => {
      const { narrowMost, narrowRate } = contenders[name] ?? {};
      if (narrowMost === undefined || narrowRate === undefined) return [];
      return [{ narrowMost, narrowRate }];
    });
    return seen.length === 0 ? [] : [narrowRow(name, seen)];
  });
  const head =
    '| who | most at once | jobs/s | of the ideal | to reach | |\n|---|---:|---:|---:|---:|---|';
  const title = `### (g) A limit of ${NARROW} on one queue, two runners, jobs of 50 ms: ideal ${NARROW_IDEAL} jobs/s\n`;
  return [title, head, ...rows].join('\n');
}

function narrowRow(
  name: CandidateName,
  seen: readonly { readonly narrowMost: number; readonly narrowRate: number }[],
): string {
  const { title, keepsIn, packageName } = candidate(name);
  const most = Math.max(...seen.map((round) => round.narrowMost));
  const rate = median(seen.map((round) => round.narrowRate));
  const share = rate / NARROW_IDEAL;
  const ours = packageName === null;
  const cells = [
    `${title}, ${keepsIn}`,
    most,
    readable(rate),
    percent(share),
    ours ? `${NARROW}, ≥ 80 %` : '',
    ours ? reached(most <= NARROW && share >= 0.8) : '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function growthTable({ rounds }: Comparison): string {
  const title = '### Growth: Tasked on PostgreSQL as its tables grow\n\n';
  return (
    title +
    figureTable(
      GROWTH_FIGURES,
      rounds.map(({ growth }) => growth),
    )
  );
}

function rawTable({ rounds }: Comparison): string {
  const title = '### The raw limits: claim and complete of single rows by the driver alone\n\n';
  return (
    title +
    figureTable(
      RAW_FIGURES,
      rounds.map(({ raw }) => raw),
    )
  );
}

function candidate(name: CandidateName): Candidate {
  return CANDIDATES[name];
}
