import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import { Tasks } from '@tasked/core';
import {
  createToolServer,
  ownerOf,
  refuseForeign,
  StandaloneTasks,
  serveToolsOverHttp,
} from '@tasked/server';
import { fixtureTools } from './fixture-tools.ts';
import { openTaskStore } from './open-task-store.ts';

// The fixture server of the official conformance suite: node server.ts --port N --store memory|sqlite|postgres.
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    store: { type: 'string', default: 'memory' },
    /** Where the data is, for sqlite. */
    data: { type: 'string' },
    /** Where the database is, for postgres. */
    url: { type: 'string' },
  },
});

const logger = {
  debug: () => {},
  info: () => {},
  warn: console.error,
  error: console.error,
};
const tasks = new Tasks(await openTaskStore(values, logger));
const server = createToolServer({
  info: { name: 'conformance-fixture', version: '1.0.0' },
  tools: fixtureTools(tasks),
  tasks: { source: new StandaloneTasks(tasks) },
  owner: ownerOf,
  logger,
});
const mcp = serveToolsOverHttp(server, { logger });
serve(
  {
    fetch: async (request) => refuseForeign(request) ?? (await mcp.fetch(request, '')),
    hostname: '127.0.0.1',
    port: Number(values.port),
  },
  ({ port }) => console.log(`http://127.0.0.1:${port}/mcp`),
);
