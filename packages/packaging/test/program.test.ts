import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { packed } from './support/packed.ts';
import { Project } from './support/project.ts';

const require = createRequire(import.meta.url);
const STDIO: { readonly version: string } = require('../../../apps/stdio/package.json');

/** What npm would get from the registry together with the HTTP server; the other program has all it needs in it. */
const HTTP = [
  '@tasked/app-kit',
  '@tasked/core',
  '@tasked/dag-engine',
  '@tasked/executors',
  '@tasked/http',
  '@tasked/server',
  '@tasked/store-drizzle',
  '@tasked/store-memory',
];

const projects = { stdio: new Project(), http: new Project() };

beforeAll(async () => {
  const files = packed();
  await projects.stdio.install([files.get('@tasked/stdio') ?? '']);
  await projects.http.install(HTTP.map((name) => files.get(name) ?? ''));
}, 120_000);

/** Starts the installed program by npx and connects a client to it. */
async function connect(args: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'stranger', version: '1' });
  onTestFinished(() => client.close());
  await client.connect(
    new StdioClientTransport({
      command: 'npx',
      args: ['@tasked/stdio', ...args],
      cwd: projects.stdio.folder,
      env: projects.stdio.env,
      stderr: 'ignore',
    }),
  );
  return client;
}

describe('the packed programs', () => {
  it.each([
    ['stdio', '@tasked/stdio'],
    ['stdio', 'tasked-stdio'],
    ['stdio', 'tasked-server'],
    ['http', '@tasked/http'],
    ['http', 'tasked-http'],
  ] as const)('%s runs as npx %s', async (program, name) => {
    expect(await projects[program].run('npx', [name, '--version'])).toBe(STDIO.version);
  });

  it('list their tools and run a flow of shell tasks on SQLite, over stdio', async () => {
    const client = await connect(['--data-dir', 'data']);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('tasked_submit_flow');

    const say = { id: 'say', executor: 'shell', config: { command: 'printf packed' } };
    const command = 'printf "%s and installed" ${tasks.say.output.stdout}';
    const add = { id: 'add', executor: 'shell', config: { command }, depends_on: ['say'] };
    const { flow_id } = await call(client, 'tasked_submit_flow', { tasks: [say, add] });
    const status = { flow_id, wait_secs: 20 };
    expect(await call(client, 'tasked_flow_status', status)).toMatchObject({ state: 'succeeded' });
    const { output } = await call(client, 'tasked_task_output', { flow_id, task_id: 'add' });
    expect(output).toMatchObject({ stdout: 'packed and installed' });
  });

  it('serve over HTTP who has a key', async () => {
    const key = await projects.http.run('npx', ['tasked-http', 'keys', 'create', 'stranger']);
    const client = new Client({ name: 'stranger', version: '1' });
    onTestFinished(() => client.close());
    const headers = { authorization: `Bearer ${key}` };
    const url = new URL(await startHttp());
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
    const tasks = [{ id: 'a', executor: 'noop' }];
    const { flow_id } = await call(client, 'tasked_submit_flow', { tasks });
    const status = { flow_id, wait_secs: 20 };
    expect(await call(client, 'tasked_flow_status', status)).toMatchObject({ state: 'succeeded' });
  });
});

/** Starts the installed server and returns its address. */
async function startHttp(): Promise<string> {
  const args = [join('node_modules', '@tasked', 'http', 'bin', 'tasked-http.js'), '--port', '0'];
  const { folder: cwd, env } = projects.http;
  const server = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(async () => {
    const ended = once(server, 'close');
    server.kill();
    await ended;
  });
  let said = '';
  for await (const chunk of server.stderr) {
    said += String(chunk);
    const url = /serving MCP at (\S+)/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`it did not start: ${said}`);
}

async function call(
  client: Client,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { structuredContent, content } = await client.callTool({ name, arguments: args });
  expect(structuredContent, JSON.stringify(content)).toBeDefined();
  return structuredContent as Readonly<Record<string, unknown>>;
}
