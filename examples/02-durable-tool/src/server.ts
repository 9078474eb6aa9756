import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { Flows, Runner, silentLogger } from '@tasked/dag-engine';
import { DurableTools, mountDurableTools, type RequestOrigin } from '@tasked/server';
import { analyzeDataset } from './analyze-dataset.ts';
import { renderMap } from './render-map.ts';
import { serveHttp } from './serve-http.ts';
import { settings } from './settings.ts';
import { memory, postgres, sqlite } from './stores.ts';

const { tools, place } = settings([analyzeDataset, renderMap]);

// The line that chooses where runs are kept. The rest is the same for all three.
const { store, logs, clock } = await { memory, sqlite, postgres }[place.kind](place.where);

// Runs the calls of these tools, of this process and of every other one on this store.
const executors = tools.map(({ executor }) => executor);
const runner = new Runner({ store, logs, clock, executors });
await runner.start();

// Serves them. Flows that name the tools by themselves would go past their scopes: this one accepts none.
const flows = new Flows({ store, clock, executors: [] });
const owner = ({ authInfo }: RequestOrigin) => authInfo?.clientId ?? '';
const durable = new DurableTools({ tools, flows, logs, owner, logger: silentLogger });

function newServer(origin: RequestOrigin): McpServer {
  const server = new McpServer({ name: 'analysis', version: '1.0.0' });
  server.registerTool('list_datasets', { description: 'Tells which datasets there are.' }, () => ({
    content: [{ type: 'text', text: 'rivers, flaky-rivers' }],
  }));
  mountDurableTools(server, durable, origin);
  return server;
}

const port = process.env.PORT;
if (port === undefined) serveStdio(newServer);
else await serveHttp(newServer, Number(port));

async function stop(): Promise<void> {
  durable.release();
  await runner.stop({ graceMs: 1_500 });
  await logs.flush();
  await store.close();
  process.exit();
}

process.stdin.once('end', () => port === undefined && void stop());
process.once('SIGTERM', () => void stop());
