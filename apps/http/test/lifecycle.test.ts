import { describe, expect, it } from 'vitest';
import { connect as connectStdio } from '../../stdio/test/support/connect.ts';
import { processesWith } from '../../stdio/test/support/processes.ts';
import { TaskedProcess } from '../../stdio/test/support/tasked-process.ts';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { until } from '../../stdio/test/support/until.ts';
import { answerOf, ask, CLIENTS, connectSdk1, ended } from './support/clients.ts';
import { rpc } from './support/rpc.ts';
import { newKey, TaskedHttp } from './support/tasked-http.ts';

const shell = (id: string, command: string, more: object = {}) => ({
  id,
  executor: 'shell',
  config: { command },
  ...more,
});

describe('a server', () => {
  it.each(CLIENTS)('on SIGTERM answers held calls of %s at once', async (_name, connect) => {
    const server = await TaskedHttp.start(['--data-dir', tempDir(), '--no-runner']);
    const client = await connect(server.url);
    const tasks = [{ id: 'a', executor: 'noop' }];
    const { flow_id } = await ask(client, 'tasked_submit_flow', { tasks });
    const call = { flow_id, wait_secs: 45 };
    const held = client.call('tasked_flow_status', call, { onprogress: () => {} });
    // The server has read it once it has answered what came after it.
    await ask(client, 'tasked_list_flows', {});
    server.child.kill('SIGTERM');
    expect(answerOf(await held)).toMatchObject({ state: 'running' });
    expect(await server.exit()).toEqual({ code: 0, signal: null });
  });

  it('on SIGTERM ends commands that do not end by themselves, and exits with 0', async () => {
    const dir = tempDir();
    const key = newKey('ann', '--data-dir', dir);
    const server = await TaskedHttp.start(['--data-dir', dir, '--allow', 'shell']);
    const client = await connectSdk1(server.url, key);
    const tasks = [shell('a', 'sleep 60')];
    const { flow_id } = await ask(client, 'tasked_submit_flow', { tasks });
    await until(() => processesWith(flow_id).length > 0);
    server.child.kill('SIGTERM');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(processesWith(flow_id)).toEqual([]);
  });

  it('killed and started again on the same data goes on, for clients that never noticed', async () => {
    const dir = tempDir();
    const key = newKey('ann', '--data-dir', dir);
    const args = ['--data-dir', dir, '--allow', 'shell'];
    const first = await TaskedHttp.start(args);
    const { port } = new URL(first.url);
    const client = await connectSdk1(first.url, key);
    const tasks = [
      shell('a', '[ "$TASKED_ATTEMPT_NUMBER" = 1 ] && sleep 60; echo again', {
        retries: 1,
        backoff_secs: 0,
      }),
      shell('b', 'echo after', { depends_on: ['a'] }),
    ];
    const { flow_id } = await ask(client, 'tasked_submit_flow', { tasks });
    await until(() => processesWith(flow_id).length > 0);
    await first.kill();
    // The last --port counts.
    await TaskedHttp.start([...args, '--port', port]);
    const status = await ended(client, flow_id);
    expect(status).toMatchObject({ state: 'succeeded', tasks_succeeded: 2 });
    expect(status.tasks.find(({ id }: { id: string }) => id === 'a').attempt).toBe(2);
    expect(processesWith(flow_id)).toEqual([]);
  });

  it('without a runner leaves the work to workers of the same data', async () => {
    const dir = tempDir();
    const key = newKey('ann', '--data-dir', dir);
    const args = ['--data-dir', dir, '--no-runner', '--allow', 'shell'];
    const { url } = await TaskedHttp.start(args);
    const client = await connectSdk1(url, key);
    const spec = { tasks: [shell('a', 'echo worked')] };
    const { flow_id, next } = await ask(client, 'tasked_submit_flow', spec);
    expect(next).toContain('nobody runs tasks here at the moment');
    expect(await ask(client, 'tasked_flow_status', { flow_id })).toMatchObject({ tasks_ready: 1 });
    const worker = new TaskedProcess(['worker', '--data-dir', dir]);
    await worker.logs('running tasks');
    expect((await ask(client, 'tasked_submit_flow', spec)).next).not.toContain('nobody');
    expect(await ended(client, flow_id)).toMatchObject({ state: 'succeeded' });
  });
});

describe('a server that was not allowed shell', () => {
  it.each([
    ['does not tell of it', [], 'Executors: http', false],
    ['tells of it once it is', ['--allow', 'shell'], 'Executors: shell', true],
  ])('%s', async (_, allow, beginning, named) => {
    const dir = tempDir();
    const key = newKey('ann', '--data-dir', dir);
    const { url } = await TaskedHttp.start(['--data-dir', dir, ...allow]);
    const { result } = await rpc({ url, key, era: '2025-11-25' }, 'tools/list', {});
    const submit = JSON.stringify(result.tools[0]);
    expect(submit).toContain(beginning);
    expect(submit.includes('shell')).toBe(named);
  });

  it('refuses shell tasks at submit, and says who can change that', async () => {
    const { url } = await TaskedHttp.start(['--data-dir', tempDir()]);
    const client = await connectSdk1(url);
    const { isError, content } = await client.call('tasked_submit_flow', {
      tasks: [shell('a', 'echo ${tasks.b.output:file}'), { id: 'b', executor: 'noop' }],
    });
    expect(isError).toBe(true);
    expect(content[0]?.text).toContain(
      'tasks[0].config: shell tasks are not allowed on this server; its operator can start it with --allow shell',
    );
  });

  it('runs no shell tasks of others on the same data, and ends what dead ones left', async () => {
    const dir = tempDir();
    const stdio = await connectStdio(['--data-dir', dir]);
    const flow_id = await stdio.submit({
      tasks: [shell('a', 'sleep 60', { retries: 1, backoff_secs: 0 })],
    });
    await until(() => processesWith(flow_id).length > 0);
    await stdio.kill();
    const { url } = await TaskedHttp.start(['--data-dir', dir]);
    const user = `local:${process.getuid?.()}`;
    const client = await connectSdk1(url, newKey('me', '--principal', user, '--data-dir', dir));
    await until(() => processesWith(flow_id).length === 0);
    const ready = async () =>
      (await ask(client, 'tasked_flow_status', { flow_id })).tasks_ready === 1;
    await until(ready);
    const { flow_id: own } = await ask(client, 'tasked_submit_flow', {
      tasks: [{ id: 'a', executor: 'noop' }],
    });
    expect(await ended(client, own)).toMatchObject({ state: 'succeeded' });
    expect(await ready()).toBe(true);
  });

  it('lets http tasks reach public addresses alone', async () => {
    const { url } = await TaskedHttp.start(['--data-dir', tempDir()]);
    const client = await connectSdk1(url);
    const { flow_id } = await ask(client, 'tasked_submit_flow', {
      tasks: [{ id: 'a', executor: 'http', config: { url: new URL('/healthz', url).href } }],
    });
    const status = await ended(client, flow_id);
    expect(status.tasks[0].error).toMatch(/^address_refused: .*127\.0\.0\.1 has no public address/);
  });
});
