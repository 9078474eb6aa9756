import { setTimeout as elapsed } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { DurableTaskStore } from '@tasked/sdk-v1';
import { z } from 'zod';

/** A tool as the documentation of the SDK has them. It hears that its task was cancelled. */
export function registerCountdown(server: McpServer, taskStore: DurableTaskStore): void {
  server.experimental.tasks.registerToolTask(
    'countdown',
    {
      description: 'Use this to wait for a while.',
      inputSchema: { secs: z.number().int().min(0).max(600) },
    },
    {
      async createTask({ secs }, extra) {
        const task = await extra.taskStore.createTask({ ttl: extra.taskRequestedTtl ?? null });
        void countDown(taskStore, task.taskId, secs);
        return { task };
      },
      getTask: (_args, extra) => extra.taskStore.getTask(extra.taskId),
      getTaskResult: async (_args, extra) =>
        (await extra.taskStore.getTaskResult(extra.taskId)) as CallToolResult,
    },
  );
}

async function countDown(taskStore: DurableTaskStore, id: string, secs: number): Promise<void> {
  const signal = taskStore.signalOf(id);
  try {
    for (let left = secs; left > 0; left--) {
      await taskStore.updateTaskStatus(id, 'working', `${left} s to go`);
      await elapsed(1_000, undefined, { signal });
    }
    const content = [{ type: 'text' as const, text: 'time is up' }];
    await taskStore.storeTaskResult(id, 'completed', { content });
  } catch (error) {
    // Cancelled: there is nobody to tell.
    if (!signal.aborted) console.error('the countdown failed', error);
  }
}
