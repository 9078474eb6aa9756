import { beforeEach, describe, expect, it } from 'vitest';
import { fails, type ToolClient, Workbench } from '../../test/workbench.ts';

describe('tasked_list_flows', () => {
  let bench: Workbench;
  let client: ToolClient;

  beforeEach(async () => {
    bench = new Workbench({ bad: fails });
    client = await bench.client();
  });

  async function submitMany(count: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      ids.unshift(await bench.submit([{ id: 'a' }]));
      await bench.clock.advance(1_000);
    }
    return ids;
  }

  const idsOf = (answer: { flows: { flow_id: string }[] }) => answer.flows.map((f) => f.flow_id);

  it('lists flows newest first with their counts', async () => {
    const failed = await bench.run([{ id: 'good' }, { id: 'bad' }]);
    await bench.clock.advance(1_000);
    const running = await bench.run([{ id: 'a' }], { queue: 'other' });
    const answer = await client.call('tasked_list_flows');
    expect(answer).toMatchObject({ queue: null, count: 2 });
    expect(idsOf(answer)).toEqual([running, failed]);
    expect(answer.flows[1]).toEqual({
      flow_id: failed,
      queue: 'default',
      state: 'failed',
      task_count: 2,
      tasks_succeeded: 1,
      tasks_failed: 1,
      created_at: '2026-01-01T00:00:00.000Z',
    });
    expect(answer.next).toBe('call tasked_flow_status with a flow_id for details');
  });

  it('keeps to one queue and one state', async () => {
    const failed = await bench.run([{ id: 'bad' }], { queue: 'x' });
    await bench.submit([{ id: 'a' }], { queue: 'y' });
    expect(idsOf(await client.call('tasked_list_flows', { queue: 'x' }))).toEqual([failed]);
    expect(idsOf(await client.call('tasked_list_flows', { state: 'failed' }))).toEqual([failed]);
    expect(await client.call('tasked_list_flows', { queue: 'x', state: 'running' })).toEqual({
      queue: 'x',
      count: 0,
      flows: [],
      next: 'no such flows: call without queue and state to see all, or submit one',
    });
  });

  it('shows 20 flows unless told otherwise, and goes on where it stopped', async () => {
    const ids = await submitMany(25);
    const first = await client.call('tasked_list_flows');
    expect(idsOf(first)).toEqual(ids.slice(0, 20));
    expect(first.next).toContain('cursor');
    const second = await client.call('tasked_list_flows', { cursor: first.cursor });
    expect(idsOf(second)).toEqual(ids.slice(20));
    expect(second.cursor).toBeUndefined();
    const few = await client.call('tasked_list_flows', { limit: '2' });
    expect(idsOf(few)).toEqual(ids.slice(0, 2));
    expect(few.assumed).toEqual(['limit: the text was read as a number']);
  });

  it('does not change its pages when a new flow arrives', async () => {
    const ids = await submitMany(3);
    const first = await client.call('tasked_list_flows', { limit: 2 });
    await submitMany(1);
    const second = await client.call('tasked_list_flows', { limit: 2, cursor: first.cursor });
    expect([...idsOf(first), ...idsOf(second)]).toEqual(ids);
  });

  it('stays under 8,000 characters with its default limit', async () => {
    for (let index = 0; index < 25; index++) {
      await bench.submit([{ id: 'a' }], { queue: 'q'.repeat(128) });
    }
    const answer = await client.call('tasked_list_flows');
    expect(answer.count).toBe(20);
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(8_000);
  });

  it('names the queue that was probably meant', async () => {
    await bench.submit([{ id: 'a' }], { queue: 'builds' });
    await bench.flows.submit({ queue: 'bilds', tasks: [{ id: 'a', executor: 'script' }] }, 'other');
    const answer = await client.call('tasked_list_flows', { queue: 'buidls' });
    expect(answer).toMatchObject({
      count: 0,
      next: 'no flows in this queue; did you mean "builds"? Call without queue to see all',
    });
    for (const args of [{ queue: 'elsewhere' }, { queue: 'builds', state: 'failed' }]) {
      const { next } = await client.call('tasked_list_flows', args);
      expect(next).toMatch(/^no such flows:/);
    }
  });

  it('refuses a cursor that it did not give', async () => {
    for (const cursor of [
      'nonsense',
      '',
      'WyJ0YXNrcyJd',
      Buffer.from('[1]').toString('base64url'),
    ]) {
      const error = await client.error('tasked_list_flows', { cursor });
      expect(error).toMatchObject({ code: 'invalid_input', faults: [{ path: 'cursor' }] });
    }
  });

  it('tells every fault of its arguments at once', async () => {
    const error = await client.error('tasked_list_flows', { state: 'runing', limit: 0, quue: 'x' });
    expect(error.faults).toEqual([
      {
        path: 'state',
        message: 'must be one of running, succeeded, failed, cancelled',
        got: 'runing',
        expected: 'one of running, succeeded, failed, cancelled',
        did_you_mean: 'running',
      },
      { path: 'limit', message: 'must be at least 1', got: 0, expected: 'at least 1' },
      {
        path: 'quue',
        message: 'there is no field "quue" here',
        expected: 'queue, state, limit, cursor',
        did_you_mean: 'queue',
      },
    ]);
  });
});
