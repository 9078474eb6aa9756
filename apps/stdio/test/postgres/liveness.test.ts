import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { newDatabase } from './databases.ts';
import { Journal } from './journal.ts';
import { Observer } from './observer.ts';
import { RunnerProcess } from './runner-process.ts';

const MINUTE = 60_000;
const LONG = { ms: MINUTE };

const task = (id: string, config: object, more: object = {}) => ({
  ...{ id, executor: 'trace', config, backoff_secs: 0 },
  ...more,
});

async function open() {
  const url = await newDatabase();
  return { url, journal: new Journal(), observer: await Observer.open(url) };
}

describe('a runner on PostgreSQL', () => {
  it('ends a task that somebody else cancels', async () => {
    const { url, journal, observer } = await open();
    await new RunnerProcess({ url, journal: journal.path }).running();
    const flowId = await observer.submit({ tasks: [task('long', LONG)] });
    await until(() => journal.says('long', 'begin'));
    const from = performance.now();
    await observer.cancel(flowId);
    await until(() => journal.says('long', 'cancelled'), 5_000);
    console.info(`a cancel took ${Math.round(performance.now() - from)} ms`);
    await until(async () => (await observer.attempts(flowId, 'long'))[0]?.end === 'stopped');
  });

  it('that is killed is taken over by its lock, long before its lease is over', async () => {
    const { url, journal, observer } = await open();
    const victim = new RunnerProcess({ url, journal: journal.path });
    await victim.running();
    const flowId = await observer.submit({ tasks: [task('long', LONG)] });
    await until(() => journal.says('long', 'begin'));
    const heir = new RunnerProcess({ url, journal: journal.path });
    await heir.running();
    const from = performance.now();
    await victim.kill();
    await until(() => journal.wordsOf('long').length === 2, 10_000);
    console.info(`a restart after kill -9 took ${Math.round(performance.now() - from)} ms`);
    expect(journal.wordsOf('long')).toEqual(['1 begin', '3 begin']);
    expect(
      (await observer.attempts(flowId, 'long')).map(({ end, runnerId }) => [end, runnerId]),
    ).toEqual([
      ['lost', victim.id],
      ['retry', heir.id],
      [null, heir.id],
    ]);
  });

  it('that was frozen beyond its lease drops what it did, aborts the rest and begins anew', {
    timeout: MINUTE,
  }, async () => {
    const { url, journal, observer } = await open();
    const options = { url, journal: journal.path, leaseMs: 3_000 };
    const frozen = new RunnerProcess({ ...options, name: 'frozen' });
    await frozen.running();
    const flowId = await observer.submit({
      tasks: [task('late', { ms: 600 }), task('long', LONG)],
    });
    await until(() => journal.says('late', 'begin') && journal.says('long', 'begin'));
    frozen.signal('SIGSTOP');
    const heir = new RunnerProcess({ ...options, name: 'heir' });
    await heir.running();
    await until(async () => (await observer.task(flowId, 'late')).state === 'succeeded');
    await until(() => journal.wordsOf('long').includes('3 begin'));
    frozen.signal('SIGCONT');

    await until(() => journal.wordsOf('late').includes('1 end'));
    await until(() => journal.wordsOf('long').includes('1 runner_lost'));
    const late = await observer.attempts(flowId, 'late');
    expect(late.map(({ end, runnerId }) => [end, runnerId])).toEqual([
      ['lost', frozen.id],
      ['retry', heir.id],
      ['succeeded', heir.id],
    ]);
    const runners = async () => await observer.store.listRunners();
    await until(async () =>
      (await runners()).some(({ name, id }) => name === 'frozen' && id !== frozen.id),
    );
    await observer.cancel(flowId);
    await heir.stop();
    const next = await observer.submit({ tasks: [task('next', {})] });
    expect(await observer.ended(next)).toBe('succeeded');
    expect((await runners()).map(({ name }) => name)).toEqual(['frozen']);
  });
});
