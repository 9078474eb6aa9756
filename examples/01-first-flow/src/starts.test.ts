import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readStarts, tellReruns, timesStarted } from './starts.ts';

it('counts how often each task wrote that it started', () => {
  const folder = mkdtempSync(join(tmpdir(), 'starts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'started.txt');
  expect(readStarts(file).size).toBe(0);
  writeFileSync(file, 'split\nweir\nford\nweir\n');
  const starts = readStarts(file);
  expect([...starts]).toEqual([
    ['split', 1],
    ['weir', 2],
    ['ford', 1],
  ]);
  expect(timesStarted(starts, 'join')).toBe(0);
});

it('tells what had finished, what was cut off and what began after the kill', () => {
  const untilKill = new Map([
    ['split', 1],
    ['weir', 1],
    ['ford', 1],
  ]);
  const inTheEnd = new Map([...untilKill, ['weir', 2], ['lock', 1], ['join', 1]] as const);
  expect(tellReruns(untilKill, inTheEnd)).toBe(
    '2 tasks had finished and did not run again; ' +
      '1 task was cut off and ran once more (weir); 2 tasks began after the kill.',
  );
});

it('does not say "once more" of a task that ran three times', () => {
  const told = tellReruns(new Map([['weir', 1]]), new Map([['weir', 3]]));
  expect(told).toContain('1 task was cut off and ran again (weir)');
});
