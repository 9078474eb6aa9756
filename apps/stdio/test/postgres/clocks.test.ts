import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { newDatabase } from './databases.ts';
import { Journal } from './journal.ts';
import { Observer } from './observer.ts';
import { RunnerProcess } from './runner-process.ts';

const MINUTE = 60_000;

/** Two clocks that follow a third one agree as well as its answers are quick. */
const CLOSE_MS = 100;

const TYPES = ['early', 'late'] as const;

/** Two machines: the clock of `early` is ten minutes slow, that of `late` ten minutes fast. */
async function open() {
  const url = await newDatabase();
  const observer = await Observer.open(url, TYPES);
  const journal = new Journal();
  const start = (type: (typeof TYPES)[number], clockAheadMs: number) =>
    new RunnerProcess({ url, journal: journal.path, executors: [type], clockAheadMs });
  const early = start('early', -10 * MINUTE);
  const late = start('late', 10 * MINUTE);
  expect((await late.running()) - (await early.running())).toBeGreaterThan(19 * MINUTE);
  return { observer, journal, start, early, late };
}

function expectOrder(times: readonly (number | null | undefined)[]): void {
  for (const [index, time] of times.entries()) {
    expect(time ?? 0).toBeGreaterThanOrEqual((times[index - 1] ?? 0) - CLOSE_MS);
  }
}

describe('runners whose clocks are 20 minutes apart', () => {
  it('agree on the order of things and on retries', { timeout: MINUTE }, async () => {
    const { observer } = await open();
    const times: (number | null)[] = [observer.store.clock.now()];
    const flowId = await observer.submit({
      tasks: Array.from({ length: 12 }, (_, index) => ({
        id: `t${index}`,
        executor: TYPES[index % 2],
        config: { ms: 10, failures: index % 3 === 0 ? 1 : 0 },
        depends_on: index === 0 ? [] : [`t${index - 1}`],
        backoff_secs: 0.4,
      })),
    });
    expect(await observer.ended(flowId)).toBe('succeeded');
    for (let index = 0; index < 12; index++) {
      const attempts = await observer.attempts(flowId, `t${index}`);
      const ends = attempts.map(({ end }) => end);
      expect(ends).toEqual(index % 3 === 0 ? ['retry', 'succeeded'] : ['succeeded']);
      times.push(...attempts.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]));
      const [first, second] = attempts;
      // With jitter the backoff is at least half of 400 ms.
      if (second !== undefined) expectOrder([(first?.endedAt ?? 0) + 200, second.startedAt]);
    }
    expectOrder([...times, observer.store.clock.now()]);
  });

  it('agree on a delay that one of them has set, and the other one keeps', {
    timeout: MINUTE,
  }, async () => {
    const { observer, start, early } = await open();
    const flowId = await observer.submit({
      tasks: [{ id: 'a', executor: 'early', config: { failures: 1 }, backoff_secs: 2 }],
    });
    await until(async () => (await observer.task(flowId, 'a')).state === 'delayed');
    await early.kill();
    await start('early', 10 * MINUTE).running();
    expect(await observer.ended(flowId)).toBe('succeeded');
    const [failed, done] = await observer.attempts(flowId, 'a');
    expectOrder([(failed?.endedAt ?? 0) + 1_000, done?.startedAt]);
    expectOrder([done?.startedAt, observer.store.clock.now()]);
  });

  it('take over from each other as if they were not', { timeout: MINUTE }, async () => {
    const { observer, journal, start, late } = await open();
    const from = observer.store.clock.now();
    const flowId = await observer.submit({
      tasks: [{ id: 'a', executor: 'late', config: { ms: MINUTE }, backoff_secs: 0 }],
    });
    await until(() => journal.says('a', 'begin'));
    await late.kill();
    await start('late', -10 * MINUTE).running();
    await until(() => journal.wordsOf('a').length === 2);
    const attempts = await observer.attempts(flowId, 'a');
    expect(attempts.map(({ end }) => end)).toEqual(['lost', 'retry', null]);
    const times = attempts.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]);
    expectOrder([from, ...times.slice(0, 5), observer.store.clock.now()]);
  });
});
