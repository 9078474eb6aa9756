import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect } from './support/connect.ts';
import { processesWith } from './support/processes.ts';
import { tempDir } from './support/temp-dir.ts';
import { until } from './support/until.ts';

const shell = (id: string, command: string, more: object = {}) => ({
  id,
  executor: 'shell',
  config: { command },
  ...more,
});

describe('a client on stdio', () => {
  it('runs a flow of shell tasks to its end and reads what it gave', async () => {
    const tasked = await connect(['--data-dir', tempDir()]);
    const flow_id = await tasked.submit({
      queue: 'builds',
      tasks: [
        shell('count', 'wc -c | tr -d " \\n"', { input: 'four' }),
        shell('more', 'expr ${tasks.count.output.stdout} + 2; echo done >&2', {
          depends_on: ['count'],
        }),
        {
          id: 'end',
          executor: 'noop',
          input: '${tasks.more.output.exit_code}',
          depends_on: ['more'],
        },
      ],
    });
    const status = await tasked.ended(flow_id);
    expect(status).toMatchObject({ state: 'succeeded', queue: 'builds', tasks_succeeded: 3 });
    expect(status.tasks[1].output).toMatchObject({
      stdout: '8\n',
      stderr: 'done\n',
      exit_code: 0,
    });
    expect(status.tasks[2].output).toBe(0);
    const log = await tasked.call('tasked_task_output', { flow_id, task_id: 'more', tail: 5 });
    expect(log).toMatchObject({ stream: 'log', cut: false });
    expect(log.output.split('\n').toSorted()).toEqual(['', '8', 'done']);
    const stdout = await tasked.call('tasked_task_output', {
      flow_id,
      task_id: 'more',
      stream: 'stdout',
    });
    expect(stdout).toMatchObject({ output: '8\n', size: 2 });
    expect((await tasked.call('tasked_list_flows', { queue: 'builds' })).flows).toEqual([
      expect.objectContaining({ flow_id, state: 'succeeded', task_count: 3, tasks_succeeded: 3 }),
    ]);
  });

  it('says why a task failed and shows its last lines', async () => {
    const tasked = await connect(['--data-dir', tempDir()]);
    const flow_id = await tasked.submit({
      tasks: [
        shell('test', 'seq 1 100; echo broken >&2; exit 3', { retries: 0 }),
        shell('deploy', 'true', { depends_on: ['test'] }),
      ],
    });
    const status = await tasked.ended(flow_id);
    expect(status).toMatchObject({ state: 'failed', tasks_failed: 1, tasks_skipped: 1 });
    expect(status.next).toBe('failed: read tasked_task_output of `test` with tail 40');
    const output = await tasked.call('tasked_task_output', { flow_id, task_id: 'test', tail: 40 });
    expect(output.error).toContain('exit');
    expect(output.output).toContain('broken');
    expect(output.output.split('\n').length).toBeLessThanOrEqual(41);
  });

  it('cancels a flow and what it has started', async () => {
    const tasked = await connect(['--data-dir', tempDir()]);
    const flow_id = await tasked.submit({ tasks: [shell('long', 'sleep 600 & sleep 600')] });
    await until(() => processesWith(flow_id).length >= 3);
    expect(await tasked.call('tasked_cancel_flow', { flow_id })).toMatchObject({
      state: 'cancelled',
      cancelled: true,
    });
    await until(() => processesWith(flow_id).length === 0);
    expect(await tasked.call('tasked_cancel_flow', { flow_id })).toMatchObject({
      state: 'cancelled',
      cancelled: false,
    });
  });

  it('lets tasks see only what the operator lets through', async () => {
    const dataDir = tempDir();
    const tasked = await connect(['--data-dir', dataDir, '--pass-env', 'E2E_SHOWN'], {
      env: { E2E_SHOWN: 'shown', E2E_HIDDEN: 'hidden' },
    });
    const flow_id = await tasked.submit({
      tasks: [shell('env', 'echo "$E2E_SHOWN/$E2E_HIDDEN"')],
    });
    expect((await tasked.ended(flow_id)).tasks[0].output.stdout).toBe('shown/\n');
  });

  it('tells every fault of a flow at once and stores nothing of it', async () => {
    const tasked = await connect(['--data-dir', tempDir()]);
    const error = await tasked.error('tasked_submit_flow', {
      tasks: [
        shell('a', 'true', { depends_on: ['b'] }),
        { id: 'b', executor: 'shel', config: { comand: 'true' }, depends_on: ['a'] },
      ],
      nonsense: 1,
    });
    expect(error.code).toBe('invalid_input');
    expect(JSON.stringify(error)).toMatch(/a → b → a|b → a → b/);
    expect(error.faults.map((fault: { path: string }) => fault.path)).toEqual(
      expect.arrayContaining(['nonsense', 'tasks[1].executor']),
    );
    expect((await tasked.call('tasked_list_flows', {})).count).toBe(0);
  });

  it.each([
    [
      'tasked_submit_flow',
      [
        {},
        { tasks: [] },
        { tasks: 'no list' },
        { tasks: [null, 1, 'x', []] },
        { tasks: [{ id: '../x', executor: 'shell', config: {} }] },
        { tasks: [{ id: 'a', executor: 'shell', config: { command: 'true', cwd: 3 } }] },
        { queue: '', tasks: [{ id: 'a', executor: 'noop' }] },
        { tasks: [{ id: 'a', executor: 'noop' }], webhooks: {} },
      ],
    ],
    [
      'tasked_flow_status',
      [
        {},
        { flow_id: 7 },
        { flow_id: 'f_\u0000../../etc' },
        { flow_id: 'f_x', wait_secs: -1 },
        { flow_id: 'f_x', wait_secs: 'long' },
      ],
    ],
    [
      'tasked_task_output',
      [
        { flow_id: 'f_x' },
        { flow_id: 'f_x', task_id: '../../etc/passwd' },
        { flow_id: 'f_x', task_id: 'a', stream: 'stdin' },
        { flow_id: 'f_x', task_id: 'a', limit: 0 },
        { flow_id: 'f_x', task_id: 'a', offset: 1.5 },
      ],
    ],
    ['tasked_list_flows', [{ state: 'done' }, { limit: 1_000 }, { cursor: 'x' }, { queue: [] }]],
    [
      'tasked_cancel_flow',
      [{ flow_id: null }, { flow_id: 'f_x' }, { flow_id: 'f_x', force: true }],
    ],
  ])(
    'answers malformed calls of %s with errors that tell nothing of the inside',
    async (name, calls) => {
      const tasked = await connect(['--data-dir', tempDir()]);
      for (const args of calls) {
        const error = await tasked.error(name, args);
        expect(['invalid_input', 'not_found', 'unsupported']).toContain(error.code);
        expect(JSON.stringify(error)).not.toMatch(/node_modules|\.[tj]s\b|\\n\s+at /);
      }
      expect((await tasked.call('tasked_list_flows', {})).count).toBe(0);
    },
  );

  it('keeps nothing on disk when told to', async () => {
    const cwd = tempDir();
    const tasked = await connect(['--store', 'memory'], { cwd });
    const answer = await tasked.call('tasked_submit_flow', { tasks: [shell('a', 'echo hi; pwd')] });
    expect(answer.next).toContain('flows are kept in memory and end with this client');
    const status = await tasked.ended(answer.flow_id);
    expect(status.tasks[0].output.stdout).toBe(`hi\n${cwd}\n`);
    expect(existsSync(join(cwd, 'tasked-data'))).toBe(false);
  });

  it('keeps its data in tasked-data unless told otherwise, and out of git', async () => {
    const cwd = tempDir();
    const tasked = await connect([], { cwd });
    await tasked.submit({ tasks: [{ id: 'a', executor: 'noop' }] });
    expect(readFileSync(join(cwd, 'tasked-data', '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('serves clients of the 2026 revision as well', async () => {
    const client = { versionNegotiation: { mode: 'auto' as const } };
    const tasked = await connect(['mcp', '--store', 'memory'], { client });
    expect(tasked.client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
    const flow_id = await tasked.submit({ tasks: [{ id: 'a', executor: 'noop', input: 1 }] });
    expect((await tasked.ended(flow_id)).tasks[0].output).toBe(1);
  });
});
