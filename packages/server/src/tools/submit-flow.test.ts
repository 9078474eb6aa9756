import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ToolClient, Workbench } from '../../test/workbench.ts';

describe('tasked_submit_flow', () => {
  let bench: Workbench;
  let client: ToolClient;

  beforeEach(async () => {
    bench = new Workbench();
    client = await bench.client();
  });

  const task = { id: 'a', executor: 'script' };

  it('stores the flow and answers with its id and what to do next', async () => {
    const answer = await client.call('tasked_submit_flow', { queue: 'builds', tasks: [task] });
    expect(answer).toEqual({
      flow_id: expect.stringMatching(/^f_[\w-]{22}$/),
      queue: 'builds',
      state: 'running',
      task_count: 1,
      next: 'running: 0 of 1 done; call tasked_flow_status with wait_secs 25',
    });
    expect((await bench.flow(answer.flow_id)).queue).toBe('builds');
  });

  it('needs no queue', async () => {
    const { queue } = await client.call('tasked_submit_flow', { tasks: [task] });
    expect(queue).toBe('default');
  });

  it('says what becomes of the work when the client goes away', async () => {
    const afterClient = async () => 'keep a worker running';
    const warned = await bench.client({ server: { afterClient } });
    const { next } = await warned.call('tasked_submit_flow', { tasks: [task] });
    expect(next).toBe(
      'running: 0 of 1 done; call tasked_flow_status with wait_secs 25; keep a worker running',
    );
  });

  it('as a task is kept as long as its client wants, but for 30 days at most', async () => {
    const ttlOf = async (ttl: number) => {
      const params = { name: 'tasked_submit_flow', arguments: { tasks: [task] }, task: { ttl } };
      const answer = await client.client.request(
        { method: 'tools/call', params },
        z.looseObject({}),
      );
      return (await bench.flow((answer.task as { taskId: string }).taskId)).ttlMs;
    };
    expect(await ttlOf(60_000)).toBe(60_000);
    expect(await ttlOf(Number.MAX_SAFE_INTEGER)).toBe(30 * 86_400_000);
  });

  it('returns the same flow for the same idempotency key, and says so', async () => {
    const flow = { tasks: [task], idempotency_key: 'once' };
    const first = await client.call('tasked_submit_flow', flow);
    const again = await client.call('tasked_submit_flow', flow);
    expect(first.existing).toBeUndefined();
    expect(again).toMatchObject({ flow_id: first.flow_id, existing: true });
  });

  it('refuses a known idempotency key with another flow, and names the first one', async () => {
    const flow = { tasks: [task], idempotency_key: 'once' };
    const { flow_id } = await client.call('tasked_submit_flow', flow);
    const error = await client.error('tasked_submit_flow', {
      ...flow,
      tasks: [{ ...task, id: 'b' }],
    });
    expect(error).toMatchObject({ code: 'already_exists', flow_id });
  });

  it('tells all faults at once, each with its path, what was found and what was meant', async () => {
    const tasks = [
      { id: 'a', executor: 'scrpt' },
      { id: 'b', executor: 'script', depends_on: ['c'], retrys: 2 },
    ];
    const error = await client.error('tasked_submit_flow', { tasks });
    expect(error.code).toBe('invalid_input');
    expect(error.faults).toContainEqual(
      expect.objectContaining({ path: 'tasks[1].retrys', got: 2, did_you_mean: 'retries' }),
    );
    expect(error.faults).toContainEqual(
      expect.objectContaining({ path: 'tasks[0].executor', got: 'scrpt', did_you_mean: 'script' }),
    );
    expect(error.faults).toContainEqual(
      expect.objectContaining({ path: 'tasks[1].depends_on[0]', got: 'c' }),
    );
    expect(await bench.flows.list({ owner: '', limit: 10 })).toEqual([]);
  });

  it('keeps an answer with very many faults short, and says how many it left out', async () => {
    const tasks = Array.from({ length: 60 }, (_, index) => ({
      id: `${index}`,
      executor: 'script',
      [`wrong_${'x'.repeat(90)}`]: 'y'.repeat(100),
    }));
    const error = await client.error('tasked_submit_flow', { tasks });
    expect(JSON.stringify({ error }).length).toBeLessThanOrEqual(8_000);
    expect(error.faults_omitted).toBeGreaterThan(0);
    expect(error.faults[0].path).toMatch(/^tasks\[0\]/);
  });

  it('answers webhooks with unsupported', async () => {
    const webhooks = { on_complete: 'https://example.org' };
    const error = await client.error('tasked_submit_flow', { tasks: [task], webhooks });
    expect(error).toMatchObject({ code: 'unsupported', faults: [{ path: 'webhooks' }] });
  });

  it('reads a list sent as text, needs for depends_on and numbers sent as text, and says so', async () => {
    const tasks = JSON.stringify([task, { ...task, id: 'b', needs: ['a'], retries: '2' }]);
    const answer = await client.call('tasked_submit_flow', { tasks });
    expect(answer.assumed).toEqual([
      'tasks: the text was read as a JSON list',
      'tasks[].needs: was read as depends_on',
      'tasks[].retries: the text was read as a number',
    ]);
    const [, b] = await bench.flows.listTasks({ flowId: answer.flow_id, limit: 10 }, '');
    expect(b).toMatchObject({ id: 'b', state: 'blocked' });
  });

  it('tells what will probably go otherwise than expected', async () => {
    const tasks = [task, { ...task, id: 'b', timeout_secs: 0 }];
    const answer = await client.call('tasked_submit_flow', { tasks });
    expect(answer.warnings).toEqual([
      { path: 'tasks[1].timeout_secs', message: 'there is no time limit' },
    ]);
    expect((await client.call('tasked_submit_flow', { tasks: [task] })).warnings).toBeUndefined();
  });

  it('only checks when told to: it answers that, with warnings, and creates nothing', async () => {
    const tasks = [task, { ...task, id: 'b', timeout_secs: 0 }];
    const answer = await client.call('tasked_submit_flow', {
      queue: 'new',
      tasks,
      validate_only: true,
    });
    expect(answer).toEqual({
      valid: true,
      queue: 'new',
      task_count: 2,
      warnings: [{ path: 'tasks[1].timeout_secs', message: 'there is no time limit' }],
      next: 'valid, and nothing was created: call again without validate_only to submit it',
    });
    expect(await bench.flows.list({ owner: '', limit: 10 })).toEqual([]);
    expect(await bench.store.getQueue('new')).toBeNull();
  });

  it('finds the same faults when it only checks', async () => {
    const tasks = JSON.stringify([{ ...task, needs: ['b'], retrys: 1 }]);
    const submitted = await client.error('tasked_submit_flow', { tasks });
    const checked = await client.error('tasked_submit_flow', { tasks, validate_only: true });
    expect(checked).toEqual(submitted);
    expect(submitted.faults.map((fault: { path: string }) => fault.path)).toEqual([
      'tasks[0].retrys',
      'tasks[0].depends_on[0]',
    ]);
  });

  it('creates nothing when it is not clear whether to', async () => {
    for (const wrong of [{ validate_only: 'yes' }, { validate_onyl: true }]) {
      const error = await client.error('tasked_submit_flow', { tasks: [task], ...wrong });
      expect(error.faults).toHaveLength(1);
      expect(error.faults[0].path).toBe(Object.keys(wrong)[0]);
    }
    const [fault] = (
      await client.error('tasked_submit_flow', { validate_onyl: true })
    ).faults.filter((each: { path: string }) => each.path === 'validate_onyl');
    expect(fault.did_you_mean).toBe('validate_only');
    expect(await bench.flows.list({ owner: '', limit: 10 })).toEqual([]);
  });
});
