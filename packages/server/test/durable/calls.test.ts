import { durableTool } from '@tasked/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { until } from '../workbench.ts';
import { DurableBench } from './durable-bench.ts';

const double = durableTool({
  name: 'double',
  description: 'Doubles.',
  inputSchema: z.object({ n: z.number() }),
  outputSchema: z.object({ twice: z.number() }),
  run: ({ n }) => ({ twice: n * 2 }),
});

describe('a call of a durable tool', () => {
  it('is answered with the result when it ends soon', async () => {
    const bench = new DurableBench([double]);
    await bench.runner.start();
    const client = await bench.client();
    const result = await client.callTool({ name: 'double', arguments: { n: 21 } });
    expect(result.structuredContent).toEqual({ twice: 42 });
    expect(result.content).toEqual([{ type: 'text', text: '{"twice":42}' }]);
    expect(result._meta).toEqual({ task: { id: expect.stringMatching(/^f_/) } });
  });

  it('is answered with a handle when it goes on, and the work with it', async () => {
    const bench = new DurableBench([double]);
    const client = await bench.client();
    const calling = client.callTool({ name: 'double', arguments: { n: 21 } });
    await until(async () => (await bench.flows.list({ owner: '', limit: 1 })).length === 1);
    await bench.clock.advance(25_000);
    const { structuredContent } = await calling;
    const { task_id, status } = structuredContent as { task_id: string; status: string };
    expect(status).toBe('working');
    await bench.runner.start();
    await until(async () => (await bench.flows.get(task_id, '')).state === 'succeeded');
    const answer = await client.callTool({
      name: 'tasked_flow_status',
      arguments: { flow_id: task_id },
    });
    expect(answer.structuredContent).toMatchObject({ tasks: [{ output: { twice: 42 } }] });
  });
});
