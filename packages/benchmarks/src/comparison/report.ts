import { percent, reached, readable } from '../figure.ts';
import { median, spread } from '../statistics.ts';
import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Comparison } from './comparison.ts';
import type { Candidate } from './contender.ts';
import { WORKS, type Work, type WorkName } from './works.ts';

/** Whom everybody is compared with. */
const OURS: CandidateName = 'taskedPostgres';

/** The comparison, as a section of Markdown. */
export function comparisonReport(comparison: Comparison): string {
  const works = Object.keys(WORKS) as WorkName[];
  return [
    '## Compared on PostgreSQL',
    `${[comparison.machine, ...comparison.servers].join('; ')}; ${comparison.rounds.length} rounds. ${ABOUT}`,
    whoTable(comparison),
    ...works.map((work) => workTable(comparison, work)),
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
      const theirs = round[contender]?.[name];
      const ours = round[OURS]?.[name];
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

function candidate(name: CandidateName): Candidate {
  return CANDIDATES[name];
}
