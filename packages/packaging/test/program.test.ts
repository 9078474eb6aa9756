import { createRequire } from 'node:module';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { packed } from './support/packed.ts';
import { Project } from './support/project.ts';

const STDIO: { readonly version: string } = createRequire(import.meta.url)(
  '../../../apps/stdio/package.json',
);

/** What npm would get from the registry together with `@tasked/stdio`. */
const PROGRAM = [
  '@tasked/app-kit',
  '@tasked/core',
  '@tasked/dag-engine',
  '@tasked/executors',
  '@tasked/server',
  '@tasked/stdio',
  '@tasked/store-drizzle',
  '@tasked/store-memory',
];

const project = new Project();

beforeAll(async () => {
  const files = await packed();
  await project.install(PROGRAM.map((name) => files.get(name) ?? ''));
}, 120_000);

/** Starts the installed program by npx and connects a client to it. */
async function connect(args: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'stranger', version: '1' });
  onTestFinished(() => client.close());
  await client.connect(
    new StdioClientTransport({
      command: 'npx',
      args: ['@tasked/stdio', ...args],
      cwd: project.folder,
      env: project.env,
      stderr: 'ignore',
    }),
  );
  return client;
}

describe('the packed program', () => {
  it.each(['@tasked/stdio', 'tasked-stdio', 'tasked-server'])('runs as npx %s', async (name) => {
    expect(await project.run('npx', [name, '--version'])).toBe(STDIO.version);
  });

  it('lists its tools and runs a flow of shell tasks on SQLite', async () => {
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
});

async function call(
  client: Client,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { structuredContent, content } = await client.callTool({ name, arguments: args });
  expect(structuredContent, JSON.stringify(content)).toBeDefined();
  return structuredContent as Readonly<Record<string, unknown>>;
}
