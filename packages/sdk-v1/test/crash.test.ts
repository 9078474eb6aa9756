import { describe, expect, it } from 'vitest';
import { FixtureProcess } from './fixture/fixture-process.ts';
import { LASTING, PLACES } from './fixture/places.ts';
import { until } from './until.ts';

describe.each(LASTING)('two processes on %s', (store) => {
  it('see each other: results, cancels, and what kill -9 left behind', async () => {
    const program = { args: [...PLACES[store](), '--heartbeat', '50'] };
    const one = await FixtureProcess.start('http', program);
    const other = await FixtureProcess.start('stdio', program);

    const done = await one.start('echo', { text: 'kept' });
    expect(await other.result(done)).toBe('kept');

    const unwanted = await one.start('wait');
    await other.tasks.cancelTask(unwanted);
    await until(async () => (await one.call('heard')).includes(unwanted));

    const waiting = await one.start('wait');
    const asking = await one.start('ask');
    await until(async () => (await other.tasks.getTask(asking)).status === 'input_required');
    one.kill();
    for (const lost of [waiting, asking]) {
      await until(async () => (await other.tasks.getTask(lost)).status === 'failed');
      const { statusMessage } = await other.tasks.getTask(lost);
      expect(statusMessage).toMatch(/^worker_lost: /);
    }
    expect(await other.result(done)).toBe('kept');
    expect((await other.tasks.listTasks()).tasks).toHaveLength(4);
  });

  it('a process that comes after a kill finds the results, and fails what was cut off', async () => {
    const program = { args: [...PLACES[store](), '--heartbeat', '50'] };
    const killed = await FixtureProcess.start('stdio', program);
    const done = await killed.start('echo', { text: 'kept' });
    expect(await killed.result(done)).toBe('kept');
    const cut = await killed.start('wait');
    killed.kill();
    const next = await FixtureProcess.start('stdio', program);
    expect(await next.result(done)).toBe('kept');
    await until(async () => (await next.tasks.getTask(cut)).status === 'failed');
    await expect(next.result(cut)).rejects.toThrow('worker_lost');
  });
});
