import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { drawTree } from './tree.ts';

const draw = (...tree: Parameters<typeof drawTree>) => stripVTControlCharacters(drawTree(...tree));

it('draws a flow half way: what was found out, what runs, what waits', () => {
  const tasks = [
    { id: 'split', state: 'succeeded', output: { stdout: '34904\n' } },
    { id: 'weir', state: 'succeeded', attempt: 2, output: { stdout: 'weir,2183,9.76,9,10\n' } },
    { id: 'ford', state: 'running' },
    { id: 'lock', state: 'delayed', error: 'worker_lost: the process died' },
    { id: 'join', state: 'pending' },
    { id: 'report', state: 'pending' },
  ];
  expect(
    draw(tasks, 4_240)
      .split('\n')
      .map((line) => line.trimEnd()),
  ).toEqual([
    '✔ split        34904 readings',
    '├─ ✔ weir          9.76 °C ▇▇▇▇▇▇▇▇▇▇ ↻ second run',
    '├─ ⠹ ford         running',
    '├─ ↻ lock         worker_lost; waits for its retry',
    '╰─ · join',
    '   ╰─ · report',
    '2 of 6 done, 4.2 s',
  ]);
});

it('shows why a task failed', () => {
  const failed = { id: 'weir', state: 'failed', error: 'exit_code: it exited with 2' };
  expect(draw([failed], 0)).toContain('✖ weir         exit_code');
});

it('shows a task again without its result when that is too long for a status', () => {
  const report = { id: 'report', state: 'succeeded', output: '{"stdout":"# Water' };
  expect(draw([report], 0)).toContain('✔ report');
});
