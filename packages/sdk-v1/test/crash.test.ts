import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { FixtureProcess } from './fixture/fixture-process.ts';
import { until } from './until.ts';

/** A new place for data, and what a server is told to find it. */
const PLACES = {
  sqlite: () => {
    const data = mkdtempSync(join(tmpdir(), 'tasked-sdk-v1-'));
    onTestFinished(() => rmSync(data, { recursive: true, force: true }));
    return ['--data', data];
  },
  postgres: () => {
    const schema = `sdk_v1_${randomUUID().replaceAll('-', '')}`;
    return ['--url', inject('postgresUrl'), '--schema', schema];
  },
} as const;

describe.each(['sqlite', 'postgres'] as const)('two processes on %s', (store) => {
  it('see each other: results, cancels, and what kill -9 left behind', async () => {
    const args = [...PLACES[store](), '--heartbeat', '50'];
    const one = await FixtureProcess.start('http', ...args);
    const other = await FixtureProcess.start('stdio', ...args);

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
    const args = [...PLACES[store](), '--heartbeat', '50'];
    const killed = await FixtureProcess.start('stdio', ...args);
    const done = await killed.start('echo', { text: 'kept' });
    expect(await killed.result(done)).toBe('kept');
    const cut = await killed.start('wait');
    killed.kill();
    const next = await FixtureProcess.start('stdio', ...args);
    expect(await next.result(done)).toBe('kept');
    await until(async () => (await next.tasks.getTask(cut)).status === 'failed');
    await expect(next.result(cut)).rejects.toThrow('worker_lost');
  });
});
