import { expect, it } from 'vitest';
import { LANES, type LaneName, type ToolsRound } from './lanes.ts';
import { toolsReport } from './report.ts';

/** A round in which the plain tool takes `plain` milliseconds and every other 5. */
function round(plain: number): ToolsRound {
  const names = Object.keys(LANES) as LaneName[];
  const figures = (p50: number) => ({ p50, p99: 2 * p50, rate: 1_000 / p50 });
  const each = names.map((name) => [name, figures(name === 'plain' ? plain : 5)]);
  return Object.fromEntries(each) as ToolsRound;
}

it('tells how much more a tool takes than the plain one of the same round', () => {
  const rounds = [round(1), round(2), round(4)];
  const lines = toolsReport({ machine: 'a machine', server: 'a server', rounds }).split('\n');
  expect(lines).toContain('a machine; a server; rounds: 3.');
  expect(lines).toContain(
    '| SDK 2.x, `registerTool` | 2 ms | 150 % | 4 ms | 150 % | 500 /s | 150 % |  |',
  );
  expect(lines).toContain(
    '| `durableTool`, SQLite | 5 ms | 0 % | 10 ms | 0 % | 200 /s | 0 % | 3 ms |',
  );
});
