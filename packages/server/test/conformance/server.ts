import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import { createToolServer, ownerOf, refuseForeign, serveToolsOverHttp } from '@tasked/server';
import { serveToolsOverStdio } from '@tasked/server/stdio';
import { durable, standalone } from './fixture.ts';
import { openStore } from './open-store.ts';

// The fixture server of the official conformance suite: node server.ts --port N --store memory|sqlite|postgres.
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    /** Serves one client on stdin and stdout in place of HTTP. */
    stdio: { type: 'boolean', default: false },
    store: { type: 'string', default: 'memory' },
    /** Whether its tools are durable, or work on standalone tasks by themselves. */
    tasks: { type: 'string', default: 'durable' },
    /** Where the data is, for sqlite. */
    data: { type: 'string' },
    /** Where the database is, for postgres. */
    url: { type: 'string' },
    /** Where in the database, if not in the usual place. */
    schema: { type: 'string' },
    /** Whose tasks they are; nobody's if omitted, who has no list of them. */
    owner: { type: 'string', default: '' },
    /** Signs questions; omitted: a new one for every process. */
    secret: { type: 'string' },
  },
});

const { owner, secret } = values;
const logger = {
  debug: () => {},
  info: () => {},
  warn: console.error,
  error: console.error,
};
const store = await openStore(values, logger);
const { tools, source } = await (values.tasks === 'standalone' ? standalone : durable)(
  store,
  logger,
);
const server = createToolServer({
  info: { name: 'conformance-fixture', version: '1.0.0' },
  tools,
  tasks: { source, ...(secret !== undefined && { secret: Buffer.from(secret) }) },
  owner: values.stdio ? owner : ownerOf,
  logger,
});

if (values.stdio) {
  const stdio = serveToolsOverStdio(server, { owner, logger });
  await stdio.ended;
  await stdio.close();
  process.exit();
}

const mcp = serveToolsOverHttp(server, { logger });
serve(
  {
    fetch: async (request) => refuseForeign(request) ?? (await mcp.fetch(request, owner)),
    hostname: '127.0.0.1',
    port: Number(values.port),
  },
  ({ port }) => console.log(`http://127.0.0.1:${port}/mcp`),
);
