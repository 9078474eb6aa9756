import { cpus, release, totalmem } from 'node:os';
import Database from 'better-sqlite3';
import { FIGURES, type Figure, type FigureName } from './figures.ts';
import { median, spread } from './statistics.ts';

/** One round's figures. */
export type Round = Readonly<Record<FigureName, number>>;

/** Everything that a run found, for machines. */
export function toJson(rounds: readonly Round[]): object {
  return { machine: machine(), rounds };
}

/** The report for people, as Markdown. */
export function toMarkdown(rounds: readonly Round[]): string {
  const names = Object.keys(FIGURES) as FigureName[];
  return `# Results

Written by \`pnpm bench\`. ${machine()}.

The whole engine without MCP: validation, DAG, attempts, fences, stored outputs, the real \`noop\` executor, each
with an input that becomes its stored output. SQLite in WAL with \`synchronous=FULL\`. ${rounds.length} rounds, interleaved; the
median and the spread, (largest − smallest) / median. What takes less than a second is measured several times in each
round, and its median taken. The raw limits are better-sqlite3 alone in the same
rounds. Absolute figures vary from machine to machine; the ratios inside one run are what counts.

| what | median | spread | to reach | |
|---|---:|---:|---:|---|
${names
  .map((name) =>
    row(
      FIGURES[name],
      rounds.map((round) => round[name]),
    ),
  )
  .join('\n')}
`;
}

function row(figure: Figure, values: readonly number[]): string {
  const middle = median(values);
  const cells = [
    figure.title,
    `${readable(middle)} ${figure.unit}`,
    `${Math.round(spread(values) * 100)} %`,
    limitOf(figure),
    verdict(figure, middle),
  ];
  return `| ${cells.join(' | ')} |`;
}

function limitOf({ atLeast, atMost, unit }: Figure): string {
  if (atLeast !== undefined) return `≥ ${readable(atLeast)} ${unit}`;
  if (atMost !== undefined) return `≤ ${readable(atMost)} ${unit}`;
  return '';
}

function verdict({ atLeast, atMost }: Figure, value: number): string {
  if (atLeast !== undefined) return value >= atLeast ? 'reached' : '**missed**';
  if (atMost !== undefined) return value <= atMost ? 'reached' : '**missed**';
  return '';
}

function readable(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

function machine(): string {
  const db = new Database(':memory:');
  const sqlite = String(db.prepare('select sqlite_version()').pluck().get());
  db.close();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.versions.node}, SQLite ${sqlite}, ${cpus().length} cores, ${memory} GiB, Linux ${release()}`;
}
