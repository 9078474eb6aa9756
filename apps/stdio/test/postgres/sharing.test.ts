import { describe, expect, it } from 'vitest';
import { connect } from '../support/connect.ts';
import { TaskedProcess } from '../support/tasked-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newDatabase } from './databases.ts';

const shell = (id: string, command: string, more: object = {}) => ({
  id,
  executor: 'shell',
  config: { command },
  ...more,
});

/** Arguments of processes that share nothing but the database, as on several hosts. */
async function hosts(count: number): Promise<readonly (readonly string[])[]> {
  const url = await newDatabase();
  return Array.from({ length: count }, () => ['--database-url', url, '--data-dir', tempDir()]);
}

async function startWorker(args: readonly string[]): Promise<TaskedProcess> {
  const worker = new TaskedProcess(['worker', ...args]);
  await worker.logs('running tasks');
  return worker;
}

describe('several hosts on one PostgreSQL', () => {
  it('start on an empty database at the same moment, and share the work', async () => {
    const [one = [], two = []] = await hosts(2);
    const clients = await Promise.all(
      [one, two].map((args) => connect([...args, '--concurrency', '2'])),
    );
    const [first, second] = clients as [(typeof clients)[0], (typeof clients)[0]];
    const flow_id = await first.submit({
      tasks: Array.from({ length: 30 }, (_, index) => shell(`t${index}`, 'sleep 0.05; echo $PPID')),
    });
    expect(await second.ended(flow_id)).toMatchObject({ state: 'succeeded', tasks_succeeded: 30 });
    const parents = new Set<string>();
    for (let index = 0; index < 30; index++) {
      const args = { flow_id, task_id: `t${index}`, stream: 'stdout' };
      parents.add((await second.call('tasked_task_output', args)).output);
    }
    expect(parents.size).toBe(2);
  });

  it('run what another one accepted, queue by queue, and read its logs', async () => {
    const [client = [], builder = [], tester = []] = await hosts(3);
    await startWorker([...builder, '--queues', 'build', '--name', 'builder']);
    await startWorker([...tester, '--queues', 'test', '--concurrency', '2', '--name', 'tester']);
    const agent = await connect([...client, '--concurrency', '1']);
    const flows = await Promise.all(
      ['build', 'test'].map((queue) =>
        agent.submit({
          queue,
          tasks: Array.from({ length: 8 }, (_, index) =>
            shell(`t${index}`, 'sleep 0.1; echo "printed by $PPID"; echo oh >&2'),
          ),
        }),
      ),
    );
    for (const flow_id of flows) {
      expect(await agent.ended(flow_id)).toMatchObject({ state: 'succeeded' });
      const log = { flow_id, task_id: 't7', stream: 'stderr' };
      expect((await agent.call('tasked_task_output', log)).output).toBe('oh\n');
    }
  });

  it('go on when the client has gone, and stop in order', async () => {
    const [client = [], other = []] = await hosts(2);
    const worker = await startWorker(other);
    const agent = await connect(client);
    const flow_id = await agent.submit({
      tasks: [shell('a', 'sleep 0.3'), shell('b', 'echo late', { depends_on: ['a'] })],
    });
    await agent.close();
    const later = await connect(client);
    const status = await later.ended(flow_id);
    expect(status).toMatchObject({ state: 'succeeded' });
    expect(status.tasks[1].output.stdout).toBe('late\n');
    worker.child.kill('SIGTERM');
    expect(await worker.exit()).toEqual({ code: 0, signal: null });
    expect(worker.stdout).toBe('');
    expect(worker.stderr).not.toContain('tasked:tasked');
  });
});
