import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as elapsed } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, CreateTaskResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, it, onTestFinished } from 'vitest';
import { FROM_SOURCE } from '../../../packages/server/test/from-source.ts';

const program = fileURLToPath(new URL('../src/server.ts', import.meta.url));

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come about within 40 s');
    await elapsed(20);
  }
}

function newDataDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tasked-sdk-1x-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The example's server, and the client of SDK 1.x that started it. */
async function connect(DATA_DIR: string) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...FROM_SOURCE, program],
    env: { DATA_DIR, HEARTBEAT_MS: '100' },
  });
  const client = new Client({ name: 'example', version: '1' });
  onTestFinished(() => client.close());
  await client.connect(transport);
  await client.listTools();
  return {
    client,
    tasks: client.experimental.tasks,
    async start(name: string, args: Record<string, unknown>): Promise<string> {
      const params = { name, arguments: args, task: { ttl: 600_000 } };
      const request = { method: 'tools/call', params } as const;
      return (await client.request(request, CreateTaskResultSchema)).task.taskId;
    },
    kill: () => process.kill(transport.pid ?? 0, 'SIGKILL'),
  };
}

const chapters = Array.from({ length: 10 }, (_, n) => 'word '.repeat(n + 1));

it('a durable tool goes on after kill -9 where it was, and a task of the SDK fails', async () => {
  const dataDir = newDataDir();
  const first = await connect(dataDir);
  const countdown = await first.start('countdown', { secs: 600 });
  const taskId = await first.start('count_words', { chapters, chapter_ms: 300 });
  await until(async () => {
    const arguments_ = { flow_id: taskId, stream: 'log' };
    const { content } = await first.client.callTool({
      name: 'tasked_task_output',
      arguments: arguments_,
    });
    return JSON.stringify(content).includes('chapter 6 of 10');
  });
  first.kill();

  const next = await connect(dataDir);
  const result = await next.tasks.getTaskResult(taskId, CallToolResultSchema);
  const { words, resumed_after } = result.structuredContent ?? {};
  expect(words).toBe(55);
  // The sixth chapter may have ended just before the kill.
  expect(resumed_after).toBeGreaterThanOrEqual(5);
  const { tasks } = await next.tasks.listTasks();
  expect(tasks.map((task) => task.taskId)).toEqual([taskId, countdown]);
  await until(async () => (await next.tasks.getTask(countdown)).status === 'failed');
  const { statusMessage } = await next.tasks.getTask(countdown);
  expect(statusMessage).toMatch(/^worker_lost/);
});

it('both kinds of tools answer, as tasks and without, and are cancelled', async () => {
  const server = await connect(newDataDir());
  const counted = await server.client.callTool({ name: 'count_words', arguments: { chapters } });
  expect(counted.structuredContent).toEqual({ words: 55, resumed_after: 0 });
  const done = await server.start('countdown', { secs: 0 });
  const { content } = await server.tasks.getTaskResult(done, CallToolResultSchema);
  expect(content).toEqual([{ type: 'text', text: 'time is up' }]);
  for (const [name, args] of [
    ['countdown', { secs: 600 }],
    ['count_words', { chapters, chapter_ms: 60_000 }],
  ] as const) {
    const taskId = await server.start(name, args);
    expect(await server.tasks.cancelTask(taskId)).toMatchObject({ status: 'cancelled' });
  }
});
