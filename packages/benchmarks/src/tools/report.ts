import { percent, readable } from '../figure.ts';
import { median, spread } from '../statistics.ts';
import { LANES, type LaneFigures, type LaneName, type ToolsRound } from './lanes.ts';

/** What was measured of tools, and on which machine. */
export interface Tools {
  readonly machine: string;
  /** The PostgreSQL. */
  readonly server: string;
  readonly rounds: readonly ToolsRound[];
}

/** The comparison of tools, as a section of Markdown. */
export function toolsReport({ machine, server, rounds }: Tools): string {
  const rows = (Object.keys(LANES) as LaneName[]).map((name) => row(name, rounds));
  return [
    `## What a durable tool costs\n\n${ABOUT}`,
    `${machine}; ${server}; rounds: ${rounds.length}.`,
    [HEAD, ...rows].join('\n'),
  ].join('\n\n');
}

const ABOUT = `Tools that do nothing, from the call to its result: client and server of SDK 2.x in one process, joined in memory. “As a
task”: \`tools/call\` makes a task of protocol 2025-11-25 and \`tasks/result\` waits for it, two requests; otherwise one request,
which is held. p50 and p99 are of 500 calls, one after the other; calls/s are of 500 with 50 always open. SQLite in WAL with
\`synchronous=FULL\`. “More than plain” is the p50 without that of the SDK's own tool in the same round.`;

const HEAD = `| tool | p50 | spread | p99 | spread | 50 at once | spread | more than plain |
|---|---:|---:|---:|---:|---:|---:|---:|`;

function row(name: LaneName, rounds: readonly ToolsRound[]): string {
  const cells = [
    LANES[name],
    ...figureCells('p50', 'ms', name, rounds),
    ...figureCells('p99', 'ms', name, rounds),
    ...figureCells('rate', '/s', name, rounds),
    name === 'plain' ? '' : `${readable(median(rounds.map(overheadOf(name))))} ms`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function figureCells(
  figure: keyof LaneFigures,
  unit: string,
  name: LaneName,
  rounds: readonly ToolsRound[],
): readonly string[] {
  const values = rounds.map((round) => round[name][figure]);
  return [`${readable(median(values))} ${unit}`, percent(spread(values))];
}

const overheadOf =
  (name: LaneName) =>
  (round: ToolsRound): number =>
    round[name].p50 - round.plain.p50;
