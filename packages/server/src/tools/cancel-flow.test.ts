import { beforeEach, describe, expect, it } from 'vitest';
import { type ToolClient, untilStopped, Workbench } from '../../test/workbench.ts';

describe('tasked_cancel_flow', () => {
  let bench: Workbench;
  let client: ToolClient;

  beforeEach(async () => {
    bench = new Workbench({ long: untilStopped });
    client = await bench.client();
  });

  it('ends what has not ended and says how everything stands', async () => {
    const flow_id = await bench.submit([
      { id: 'done' },
      { id: 'long', depends_on: ['done'] },
      { id: 'later', depends_on: ['long'] },
    ]);
    await bench.runner.start();
    await bench.isIn(flow_id, 'long', 'running');
    expect(await client.call('tasked_cancel_flow', { flow_id })).toMatchObject({
      flow_id,
      queue: 'default',
      state: 'cancelled',
      cancelled: true,
      task_count: 3,
      tasks_succeeded: 1,
      tasks_cancelled: 2,
      next: 'cancelled: nothing more of it will start',
    });
  });

  it('takes a second cancel for no error', async () => {
    const flow_id = await bench.submit([{ id: 'a' }]);
    await client.call('tasked_cancel_flow', { flow_id });
    expect(await client.call('tasked_cancel_flow', { flow_id })).toMatchObject({
      state: 'cancelled',
      cancelled: false,
      next: 'nothing to do: it was cancelled already',
    });
  });

  it('leaves a flow that has ended as it is', async () => {
    const flow_id = await bench.run([{ id: 'a' }]);
    expect(await client.call('tasked_cancel_flow', { flow_id })).toMatchObject({
      state: 'succeeded',
      cancelled: false,
      tasks_succeeded: 1,
    });
  });

  it('names the most recent flows when the id is unknown', async () => {
    const known = await bench.submit([{ id: 'a' }]);
    const error = await client.error('tasked_cancel_flow', { flow_id: 'f_unknown' });
    expect(error.code).toBe('not_found');
    expect(error.recent_flows.map((flow: { flow_id: string }) => flow.flow_id)).toEqual([known]);
  });
});
