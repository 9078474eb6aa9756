import { readFile, writeFile } from 'node:fs/promises';
import type { Comparison } from './comparison/comparison.ts';
import { comparisonReport } from './comparison/report.ts';
import { figureTable, type Round } from './figure.ts';
import { SQLITE_FIGURES, type SqliteFigureName } from './sqlite/figures.ts';
import { STDIO_FIGURES, type StdioFigureName } from './stdio/figures.ts';
import { type Tools, toolsReport } from './tools/report.ts';

const JSON_FILE = new URL('../results.json', import.meta.url);
const MARKDOWN_FILE = new URL('../RESULTS.md', import.meta.url);

/** What a part found, and on which machine. */
interface Measured<T> {
  readonly machine: string;
  readonly rounds: readonly T[];
}

/** Everything that is known, of this run and of parts that only earlier ones measured. */
export interface Results {
  readonly postgres?: Comparison;
  readonly sqlite?: Measured<Round<SqliteFigureName>>;
  readonly stdio?: Measured<Round<StdioFigureName>>;
  readonly tools?: Tools;
}

/** What earlier runs found. */
export async function readResults(): Promise<Results> {
  return JSON.parse(await readFile(JSON_FILE, 'utf8')) as Results;
}

/** Writes both files; returns the one for people. */
export async function writeResults(results: Results): Promise<string> {
  const markdown = toMarkdown(results);
  await writeFile(JSON_FILE, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(MARKDOWN_FILE, markdown);
  return markdown;
}

function toMarkdown({ postgres, sqlite, stdio, tools }: Results): string {
  const sections = [INTRODUCTION];
  if (postgres !== undefined) sections.push(comparisonReport(postgres));
  if (sqlite !== undefined) {
    sections.push(SQLITE, origin(sqlite), figureTable(SQLITE_FIGURES, sqlite.rounds));
  }
  if (stdio !== undefined) {
    sections.push(STDIO, origin(stdio), figureTable(STDIO_FIGURES, stdio.rounds));
  }
  if (tools !== undefined) sections.push(toolsReport(tools));
  return `${sections.join('\n\n')}\n`;
}

function origin({ machine, rounds }: Measured<unknown>): string {
  return `${machine}; rounds: ${rounds.length}.`;
}

const INTRODUCTION = `# Results

Written by \`pnpm bench\`. Everything is measured in rounds, interleaved; the tables show the median of the rounds and the
spread, (largest − smallest) / median. What takes less than a second is measured several times in each round, and its
median taken. Absolute figures vary from machine to machine; the ratios inside one run are what counts.`;

const SQLITE = `## The engine on SQLite

The whole engine without MCP: validation, DAG, attempts, fences, stored outputs, the real \`noop\` executor, each with an input
that becomes its stored output. SQLite in WAL with \`synchronous=FULL\`. The raw limits are better-sqlite3 alone in the same
rounds.`;

const STDIO = `## The stdio app

From the spawn of the process to the answer of \`tools/list\`, as a client sees it, on SQLite in a new directory. The first
start on a machine compiles everything; what it compiled is kept for all later ones.`;
