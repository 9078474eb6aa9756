import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type DependencyCounters,
  fate,
  type TaskEnd,
  TRIGGER_RULES,
  type TriggerRule,
  verdict,
} from './fate.ts';
import { canFlowGo, FLOW_STATES, isTerminalFlow } from './flow-state.ts';
import { canFlowTaskGo, FLOW_TASK_STATES, isTerminalFlowTask } from './flow-task-state.ts';
import { isValidTransition, terminalStates, validStatuses } from './task/task-status.ts';

const page = readFileSync(new URL('../../../docs/state-machine.md', import.meta.url), 'utf8');

/** The text under a heading, down to the next one. */
function section(heading: string): string {
  const [, text] = page.split(`\n## ${heading}\n`);
  if (text === undefined) throw new Error(`the page has no section "${heading}"`);
  return text.split('\n## ')[0] as string;
}

/** The rows of the table whose first column has that title, without markup. */
function table(heading: string, firstColumn: string): readonly (readonly string[])[] {
  const lines = section(heading).split('\n').map(cellsOf);
  const start = lines.findIndex(([first]) => first === firstColumn);
  if (start === -1) throw new Error(`"${heading}" has no table with the column "${firstColumn}"`);
  const end = lines.findIndex((cells, index) => index > start && cells.length === 0);
  return lines.slice(start + 2, end === -1 ? undefined : end);
}

/** The cells of a line of a table; none of any other line. */
function cellsOf(line: string): readonly string[] {
  if (!line.startsWith('|')) return [];
  const cells = line.slice(1, line.lastIndexOf('|')).split('|');
  return cells.map((cell) => cell.trim().replaceAll('`', ''));
}

function tableArrows(heading: string): string[] {
  return table(heading, 'from')
    .map(([from, to]) => `${from} --> ${to}`)
    .sort();
}

function drawnArrows(heading: string): string[] {
  return (section(heading).match(/^ {2}\S+ --> \S+$/gm) ?? []).map((line) => line.trim()).sort();
}

function legalArrows<State extends string>(
  states: readonly State[],
  canGo: (from: State, to: State) => boolean,
): string[] {
  return states
    .flatMap((from) => states.filter((to) => canGo(from, to)).map((to) => `${from} --> ${to}`))
    .sort();
}

describe('docs/state-machine.md', () => {
  it('lists the legal transitions of a flow task, and draws them with their beginnings and ends', () => {
    const legal = legalArrows(FLOW_TASK_STATES, canFlowTaskGo);
    expect(tableArrows('A flow task')).toEqual(legal);
    const ends = FLOW_TASK_STATES.filter(isTerminalFlowTask).map((state) => `${state} --> [*]`);
    const begins = ['[*] --> blocked', '[*] --> ready'];
    expect(drawnArrows('A flow task')).toEqual([...legal, ...begins, ...ends].sort());
  });

  it('lists the legal transitions of a flow, and draws them with their beginning and ends', () => {
    const legal = legalArrows(FLOW_STATES, canFlowGo);
    expect(tableArrows('A flow')).toEqual(legal);
    const ends = FLOW_STATES.filter(isTerminalFlow).map((state) => `${state} --> [*]`);
    expect(drawnArrows('A flow')).toEqual([...legal, '[*] --> running', ...ends].sort());
  });

  it('lists the legal transitions of an MCP task, and draws them with their beginning and ends', () => {
    const legal = legalArrows(validStatuses, isValidTransition);
    expect(tableArrows('An MCP task')).toEqual(legal);
    const ends = terminalStates.map((state) => `${state} --> [*]`);
    expect(drawnArrows('An MCP task')).toEqual([...legal, '[*] --> working', ...ends].sort());
  });

  it('explains every state of a flow task, in the order of its life', () => {
    expect(table('A flow task', 'state').map(([state]) => state)).toEqual(FLOW_TASK_STATES);
  });

  it('tells the fate for all counters and rules', () => {
    const rows = table('Three counters, four rules', 'open');
    const told = (counters: DependencyCounters, rule: TriggerRule) => {
      const row = rows.find((cells) => covers(cells, counters));
      return row?.[3 + TRIGGER_RULES.indexOf(rule)];
    };
    for (const counters of allCounters()) {
      for (const rule of TRIGGER_RULES) {
        const decided = fate(counters, rule);
        const words = decided.kind === 'skipped' ? `skipped: ${decided.cause}` : decided.kind;
        expect(told(counters, rule), `${JSON.stringify(counters)} ${rule}`).toBe(words);
      }
    }
  });

  it('tells how an ended task counts', () => {
    const said = table('Three counters, four rules', 'the task ended as').map(([, as]) => as);
    const count = (state: TaskEnd['state'], cause: TaskEnd['cause'] = null) =>
      verdict({ state, cause, allowFailure: false });
    const forgiven = verdict({ state: 'failed', cause: null, allowFailure: true });
    expect(said).toEqual([
      count('succeeded'),
      `${count('failed')}; ${forgiven} if it has allow_failure`,
      count('cancelled'),
      count('skipped', 'upstream_failed'),
      count('skipped', 'upstream_skipped'),
    ]);
    expect(count('skipped', 'nothing_failed')).toBe(count('skipped', 'upstream_skipped'));
  });
});

function covers(cells: readonly string[], counters: DependencyCounters): boolean {
  return [counters.open, counters.failed, counters.skipped].every((count, column) => {
    const cell = cells[column];
    return cell === 'any' || (cell === '> 0' ? count > 0 : cell === String(count));
  });
}

function allCounters(): readonly DependencyCounters[] {
  const some = [0, 1, 3];
  return some.flatMap((open) =>
    some.flatMap((failed) => some.map((skipped) => ({ open, failed, skipped }))),
  );
}
