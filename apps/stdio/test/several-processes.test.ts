import { describe, expect, it } from 'vitest';
import { connect } from './support/connect.ts';
import { processesWith } from './support/processes.ts';
import { TaskedProcess } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';
import { until } from './support/until.ts';

const shell = (id: string, command: string, more: object = {}) => ({
  id,
  executor: 'shell',
  config: { command },
  ...more,
});

describe('several processes on one data directory', () => {
  it('share the work of one flow, each task run once', async () => {
    const dataDir = tempDir();
    const one = await connect(['--data-dir', dataDir, '--concurrency', '2']);
    const two = await connect(['--data-dir', dataDir, '--concurrency', '2']);
    const flow_id = await one.submit({
      tasks: Array.from({ length: 40 }, (_, index) =>
        shell(`t${index}`, 'sleep 0.05; echo "$PPID $TASKED_ATTEMPT_NUMBER"'),
      ),
    });
    const status = await two.ended(flow_id);
    expect(status).toMatchObject({ state: 'succeeded', tasks_succeeded: 40 });
    const parents = new Set<string>();
    for (let index = 0; index < 40; index++) {
      const args = { flow_id, task_id: `t${index}`, stream: 'stdout' };
      const [parent = '', attempt] = (await one.call('tasked_task_output', args)).output.split(' ');
      expect(attempt).toBe('1\n');
      parents.add(parent);
    }
    expect(parents.size).toBe(2);
  });

  it('say when work would stop with the client, and when it would not', async () => {
    const dataDir = tempDir();
    const tasks = [shell('a', 'sleep 1')];
    const alone = await connect(['--data-dir', dataDir]);
    expect((await alone.call('tasked_submit_flow', { tasks })).next).toMatch(
      /; this process runs the tasks: for work that outlasts this client keep `tasked-stdio worker --data-dir \/.*` running$/,
    );
    const worker = new TaskedProcess(['worker', '--data-dir', dataDir]);
    await worker.logs('running tasks');
    expect((await alone.call('tasked_submit_flow', { tasks })).next).toMatch(/wait_secs 25$/);
    worker.child.kill('SIGKILL');
    await worker.exit();
    expect((await alone.call('tasked_submit_flow', { tasks })).next).toContain('worker');
  });

  it('let a worker go on with the work when its client has gone', async () => {
    const dataDir = tempDir();
    const worker = new TaskedProcess(['worker', '--data-dir', dataDir, '--name', 'steady']);
    await worker.logs('running tasks');
    const client = await connect(['--data-dir', dataDir]);
    const flow_id = await client.submit({
      tasks: [
        shell('a', 'sleep 0.3'),
        shell('b', 'sleep 0.3', { depends_on: ['a'] }),
        shell('c', 'sleep 2; echo late', { depends_on: ['b'] }),
      ],
    });
    await client.close();
    const later = await connect(['--data-dir', dataDir]);
    const status = await later.ended(flow_id);
    expect(status).toMatchObject({ state: 'succeeded' });
    expect(status.tasks[2].output.stdout).toBe('late\n');
    worker.child.kill('SIGTERM');
    expect(await worker.exit()).toEqual({ code: 0, signal: null });
    expect(worker.stdout).toBe('');
  });

  it('let a worker keep to its queues', async () => {
    const dataDir = tempDir();
    const worker = new TaskedProcess(['worker', '--data-dir', dataDir, '--queues', 'mine,ours']);
    await worker.logs('running tasks');
    const client = await connect(['--data-dir', dataDir]);
    const ours = await client.submit({ queue: 'ours', tasks: [shell('a', 'true')] });
    expect(await client.ended(ours)).toMatchObject({ state: 'succeeded' });
    worker.child.kill('SIGTERM');
    expect(await worker.exit()).toEqual({ code: 0, signal: null });
  });

  it('go on with what a killed one was running', async () => {
    const dataDir = tempDir();
    const worker = new TaskedProcess(['worker', '--data-dir', dataDir]);
    await worker.logs('running tasks');
    const client = await connect(['--data-dir', dataDir, '--concurrency', '1']);
    const flow_id = await client.submit({
      tasks: Array.from({ length: 6 }, (_, index) =>
        shell(`t${index}`, '[ "$TASKED_ATTEMPT_NUMBER" = 1 ] && sleep 1; true', {
          backoff_secs: 0,
        }),
      ),
    });
    await until(() => processesWith(flow_id).length >= 4);
    worker.child.kill('SIGKILL');
    expect(await client.ended(flow_id)).toMatchObject({ state: 'succeeded', tasks_succeeded: 6 });
    expect(processesWith(flow_id)).toEqual([]);
  });
});
