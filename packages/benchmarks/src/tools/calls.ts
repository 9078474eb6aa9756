import type { Client } from '@modelcontextprotocol/client';
import { z } from 'zod';

/** What every tool here is called. */
export const TOOL = 'nothing';

/** Calls the tool, and resolves when its result is there. */
export type Call = () => Promise<void>;

const created = z.object({ task: z.object({ taskId: z.string() }) });
const result = z.object({ content: z.array(z.unknown()), isError: z.literal(false).optional() });

/** One request, which is answered with the result. */
export const plainCall =
  (client: Client): Call =>
  async () => {
    result.parse(await client.callTool({ name: TOOL, arguments: {} }));
  };

/** A task of protocol 2025-11-25: one request makes it, the next one waits for its result. */
export const taskCall =
  (client: Client): Call =>
  async () => {
    const params = { name: TOOL, arguments: {}, task: {} };
    const { task } = await client.request({ method: 'tools/call', params }, created);
    await client.request({ method: 'tasks/result', params: { taskId: task.taskId } }, result);
  };
