import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { encodeOwner } from '@tasked/core';
import { Flows, Runner, silentLogger } from '@tasked/dag-engine';
import { createTaskStore, durableTool1x } from '@tasked/sdk-v1';
import { FileLogStore, openSqliteStore } from '@tasked/store-drizzle/sqlite';
import { countWords } from './count-words.ts';
import { registerCountdown } from './countdown.ts';

const { DATA_DIR: dataDir = 'sdk-1x-data', HEARTBEAT_MS = '1000' } = process.env;
const store = await openSqliteStore({ dataDir });
const logs = new FileLogStore({ dataDir });

// Tasks of the SDK: their records and results outlast this process. It takes the place of InMemoryTaskStore.
const me = { principal: 'me' };
const taskStore = createTaskStore(store, { ...me, heartbeatMs: Number(HEARTBEAT_MS) });

// Durable tools: their work outlasts this process too.
const runner = new Runner({ store, logs, executors: [countWords.executor] });
await runner.start();
const flows = new Flows({ store, executors: [] });
const engine = { flows, logs, logger: silentLogger, owner: encodeOwner(me) };

const server = new McpServer({ name: 'sdk-1x', version: '1.0.0' }, { taskStore });
durableTool1x(server, engine, countWords);
registerCountdown(server, taskStore);
await server.connect(new StdioServerTransport());

async function stop(): Promise<void> {
  await taskStore.close();
  await runner.stop({ graceMs: 1_500 });
  await logs.flush();
  await store.close();
}

process.stdin.once('end', () => void stop());
