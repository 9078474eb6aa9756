import { describe, expect, it } from 'vitest';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { until } from '../../stdio/test/support/until.ts';
import { JSON_HEADERS, send } from './support/raw-request.ts';
import { type Caller, ERAS, rpc, startTask } from './support/rpc.ts';
import { newKey, TaskedHttp } from './support/tasked-http.ts';

const METHODS = {
  '2025-11-25': ['tasks/get', 'tasks/result', 'tasks/cancel'],
  '2026-07-28': ['tasks/get', 'tasks/update', 'tasks/cancel'],
} as const;

/** The tools that know a flow by its id. */
const TOOLS = [
  ['tasked_flow_status', {}],
  ['tasked_task_output', { task_id: 'a' }],
  ['tasked_cancel_flow', {}],
  ['tasked_provide_input', { answers: { a: {} } }],
] as const;

const UNKNOWN = 'f_AAAAAAAAAAAAAAAAAAAAAA';

describe.each(ERAS)('tasks of %s over HTTP', (era) => {
  it('are waited for in as many calls at once as the operator allows each principal', async () => {
    const dir = tempDir();
    const [ann, bob] = [newKey('ann', '--data-dir', dir), newKey('bob', '--data-dir', dir)];
    const args = ['--data-dir', dir, '--allow', 'shell', '--max-held-calls', '2'];
    const { url } = await TaskedHttp.start(args);
    const caller = (key: string): Caller => ({ url, key, era });
    const tasks = [{ id: 'a', executor: 'shell', config: { command: 'sleep 600' } }];
    const wait = async (key: string, flow_id: string) => {
      const call = { name: 'tasked_flow_status', arguments: { flow_id, wait_secs: 20 } };
      const { isError, content } = (await rpc(caller(key), 'tools/call', call)).result;
      return isError === true ? JSON.parse(content[0].text).error.code : 'answered';
    };
    const [hers, his] = [
      await startTask(caller(ann), { tasks }),
      await startTask(caller(bob), { tasks }),
    ];
    const answers: string[] = [];
    const waits = Array.from({ length: 5 }, async () => answers.push(await wait(ann, hers)));
    await until(() => answers.length === 3);
    expect(new Set(answers)).toEqual(new Set(['limit_exceeded']));
    const waitOfBob = wait(bob, his);
    for (const [key, taskId] of [
      [bob, his],
      [ann, hers],
    ] as const) {
      await rpc(caller(key), 'tasks/cancel', { taskId });
    }
    expect(await waitOfBob).toBe('answered');
    await Promise.all(waits);
    expect(answers.slice(3)).toEqual(['answered', 'answered']);
  });

  it('are there for their principal alone, word for word', async () => {
    const dir = tempDir();
    const [ann, bob] = [newKey('ann', '--data-dir', dir), newKey('bob', '--data-dir', dir)];
    const args = ['--data-dir', dir, '--allow', 'shell'];
    const { url } = await TaskedHttp.start(args);
    const caller = (key: string): Caller => ({ url, key, era });
    const ended = await startTask(caller(ann), { tasks: [{ id: 'a', executor: 'noop' }] });
    await until(async () => (await stateOf(caller(ann), ended)) === 'completed');
    const shell = { id: 'a', executor: 'shell', config: { command: 'sleep 60' } };
    const working = await startTask(caller(ann), { tasks: [shell] });

    for (const taskId of [ended, working]) {
      for (const method of METHODS[era]) {
        const more =
          method === 'tasks/update' ? { inputResponses: { a: { action: 'accept' } } } : {};
        const foreign = await rpc(caller(bob), method, { taskId, ...more });
        const none = await rpc(caller(bob), method, { taskId: UNKNOWN, ...more });
        expect(foreign.error?.code, method).toBe(-32_602);
        expect(JSON.stringify(foreign).replaceAll(taskId, UNKNOWN)).toBe(JSON.stringify(none));
      }
      for (const [name, more] of TOOLS) {
        const call = (flow_id: string) =>
          rpc(caller(bob), 'tools/call', { name, arguments: { flow_id, ...more } });
        const foreign = await call(taskId);
        expect(foreign.result.isError, name).toBe(true);
        expect(JSON.stringify(foreign).replaceAll(taskId, UNKNOWN)).toBe(
          JSON.stringify(await call(UNKNOWN)),
        );
      }
      expect(await answerTo(url, bob, taskId)).toEqual(await answerTo(url, bob, UNKNOWN));
    }
    if (era === '2025-11-25') {
      const listed = async (key: string) => (await rpc(caller(key), 'tasks/list', {})).result.tasks;
      expect(await listed(bob)).toEqual([]);
      expect(await listed(ann)).toMatchObject([{ taskId: working }, { taskId: ended }]);
    }
    expect(await stateOf(caller(ann), working)).toBe('working');
    await rpc(caller(ann), 'tasks/cancel', { taskId: working });
    expect(await stateOf(caller(ann), working)).toBe('cancelled');
  });

  it('say once they have ended how long they are kept', async () => {
    const { url } = await TaskedHttp.start(['--data-dir', tempDir(), '--retain-hours', '2']);
    const caller: Caller = { url, key: 'none', era };
    const taskId = await startTask(caller, { tasks: [{ id: 'a', executor: 'noop' }] });
    await until(async () => (await stateOf(caller, taskId)) === 'completed');
    const { result } = await rpc(caller, 'tasks/get', { taskId });
    expect(result.ttlMs ?? result.ttl).toBeGreaterThanOrEqual(2 * 3_600_000);
  });

  it('come to their end in a server that was killed meanwhile and started again', async () => {
    const dir = tempDir();
    const key = newKey('ann', '--data-dir', dir);
    const args = ['--data-dir', dir, '--allow', 'shell'];
    const first = await TaskedHttp.start(args);
    const command = '[ "$TASKED_ATTEMPT_NUMBER" = 1 ] && sleep 60; echo again';
    const task = { id: 'a', executor: 'shell', config: { command }, retries: 1, backoff_secs: 0 };
    const taskId = await startTask({ url: first.url, key, era }, { tasks: [task] });
    expect(await stateOf({ url: first.url, key, era }, taskId)).toBe('working');
    await first.kill();
    const { url } = await TaskedHttp.start(args);
    const again: Caller = { url, key, era };
    await until(async () => (await stateOf(again, taskId)) === 'completed');
    const method = era === '2025-11-25' ? 'tasks/result' : 'tasks/get';
    const { result } = await rpc(again, method, { taskId });
    const { structuredContent } = result.result ?? result;
    expect(structuredContent).toMatchObject({ flow_id: taskId, state: 'succeeded' });
  });
});

describe('a list of tasks', () => {
  it('is offered to principals, and to nobody in particular it is not', async () => {
    const dir = tempDir();
    const offered = async (url: string, key: string) => {
      const clientInfo = { name: 'raw', version: '1' };
      const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
      const { result } = await rpc({ url, key, era: '2025-11-25' }, 'initialize', params);
      return 'list' in result.capabilities.tasks;
    };
    const open = await TaskedHttp.start(['--data-dir', dir]);
    expect(await offered(open.url, 'none')).toBe(false);
    await open.kill();
    const key = newKey('ann', '--data-dir', dir);
    expect(await offered((await TaskedHttp.start(['--data-dir', dir])).url, key)).toBe(true);
  });
});

async function stateOf(caller: Caller, taskId: string): Promise<string> {
  const { result } = await rpc(caller, 'tasks/get', { taskId });
  return result.status;
}

/** What is said to an answer to a question that was never asked, by the id that such questions have. */
async function answerTo(url: string, key: string, taskId: string) {
  const id = `tasked:${taskId}:YQ:${'A'.repeat(43)}`;
  const { status, body } = await send(url, {
    headers: { ...JSON_HEADERS, authorization: `Bearer ${key}` },
    body: JSON.stringify({ jsonrpc: '2.0', id, result: { action: 'accept' } }),
  });
  return { status, body };
}
