import { MemoryTaskStore } from '@tasked/store-memory';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { playTasks } from '../src/tasks/model/play-tasks.ts';
import { raceTasks } from '../src/tasks/model/race-tasks.ts';
import { commands, operation } from '../src/tasks/model/task-command.ts';
import { subjectWith, type TaskBug } from './planted/task-bug.ts';
import { taskReadingBugs } from './planted/task-reading.ts';
import { taskWritingBugs } from './planted/task-writing.ts';

const racers = fc.array(operation, { minLength: 2, maxLength: 10, size: 'max' });
const once = { numRuns: 300, seed: 1 };

function bugNamed(name: string): TaskBug {
  const bug = [...taskWritingBugs, ...taskReadingBugs].find((one) => one.name === name);
  if (bug === undefined) throw new Error(`there is no bug ${name}`);
  return bug;
}

it.each([
  ['takes an id for used when another owner uses it'],
  ['removes what lives, when its time to live is over'],
  ['removes what is to be kept for ever'],
  ['lists the oldest first'],
  ['merges keys into objects that have a prototype'],
  ['deletes a task of anybody'],
])('the reference model tells from a sound store one that %s', async (name) => {
  const store = await subjectWith(bugNamed(name)).open();
  let count = 0;
  const play = fc.asyncProperty(commands, (sequence) => playTasks(store, sequence, `${++count}`));
  expect((await fc.check(play, once)).failed).toBe(true);
});

it.each([['compares the version, waits, and changes'], ['changes a task whatever its version']])(
  'races tell from a sound store one that %s',
  async (name) => {
    const store = await subjectWith(bugNamed(name)).open();
    const race = fc.asyncProperty(racers, (operations) => raceTasks([store], operations));
    expect((await fc.check(race, once)).failed).toBe(true);
  },
);

it('neither finds anything in a sound store', async () => {
  const store = new MemoryTaskStore();
  let count = 0;
  const play = fc.asyncProperty(commands, (sequence) => playTasks(store, sequence, `${++count}`));
  expect((await fc.check(play, once)).failed).toBe(false);
  const race = fc.asyncProperty(racers, (operations) => raceTasks([store, store], operations));
  expect((await fc.check(race, once)).failed).toBe(false);
});
