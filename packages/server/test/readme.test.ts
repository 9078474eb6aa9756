import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it, onTestFinished } from 'vitest';
import { FROM_SOURCE } from './from-source.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const EXAMPLES = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);

/** A client of an example that keeps its data in a directory of its own. */
async function clientOf(example = ''): Promise<Client> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tasked-readme-'));
  const code = example.replaceAll("'data'", JSON.stringify(dataDir));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...FROM_SOURCE, '--input-type=module-typescript', '--eval', code],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  const client = new Client({ name: 'readme', version: '1' });
  onTestFinished(async () => {
    await client.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  await client.connect(transport);
  return client;
}

it('the first example of the README serves a client', async () => {
  const client = await clientOf(EXAMPLES[0]);
  const tasks = [{ id: 'a', executor: 'noop' }];
  const result = await client.callTool({ name: 'tasked_submit_flow', arguments: { tasks } });
  expect(result.structuredContent).toMatchObject({ state: 'running', task_count: 1 });
});

it('the example of durable tools runs one', async () => {
  const client = await clientOf(EXAMPLES[1]);
  const result = await client.callTool({ name: 'analyze', arguments: { dataset: 'rivers' } });
  expect(result.structuredContent).toEqual({ dataset: 'rivers', chunks: 10 });
});
