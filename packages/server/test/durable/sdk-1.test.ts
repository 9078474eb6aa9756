import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { createToolServer, durableTool } from '@tasked/server';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { DurableBench } from './durable-bench.ts';

it('the client of SDK 1.x, which checks structured content, takes the result and the handle', async () => {
  const tool = durableTool({
    name: 'count',
    description: 'Counts.',
    inputSchema: z.object({}),
    outputSchema: z.strictObject({ rows: z.number() }),
    run: () => ({ rows: 3 }),
  });
  const bench = new DurableBench([tool]);
  const { tools, tasks, logger } = bench.durable;
  const info = { name: 'bench', version: '1' };
  const { factory } = createToolServer({ info, tools, tasks, owner: '', logger });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await factory({ era: 'legacy' }).connect(far as never);
  const client = new Client({ name: 'sdk-1', version: '1' });
  onTestFinished(() => client.close());
  await client.connect(near);
  await client.listTools();

  const held = client.callTool({ name: 'count' });
  const task_id = await bench.onlyCall();
  await bench.clock.advance(25_000);
  expect((await held).structuredContent).toMatchObject({ task_id, status: 'working' });

  await bench.runner.start();
  expect((await client.callTool({ name: 'count' })).structuredContent).toEqual({ rows: 3 });
});
