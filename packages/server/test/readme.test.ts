import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it } from 'vitest';

it('the example of the README serves a client', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--conditions=@tasked/source', '--input-type=module-typescript', '--eval', example],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  const client = new Client({ name: 'readme', version: '1' });
  await client.connect(transport);
  const tasks = [{ id: 'a', executor: 'noop' }];
  const result = await client.callTool({ name: 'tasked_submit_flow', arguments: { tasks } });
  expect(result.structuredContent).toMatchObject({ state: 'running', task_count: 1 });
  await client.close();
});
