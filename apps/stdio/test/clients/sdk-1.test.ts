import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, it, onTestFinished } from 'vitest';
import { BIN } from '../support/bin.ts';
import { tempDir } from '../support/temp-dir.ts';
import { runDocumentedFlow, TOOLS } from './run-documented-flow.ts';

it('the client of @modelcontextprotocol/sdk 1.x runs a flow', async () => {
  const client = new Client({ name: 'sdk-1', version: '1' });
  onTestFinished(() => client.close());
  const args = [BIN, '--data-dir', tempDir()];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }),
  );
  expect(client.getServerCapabilities()).toMatchObject({ tools: {} });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(TOOLS);
  await runDocumentedFlow(async (name, call) => {
    const result = await client.callTool({ name, arguments: call }, CallToolResultSchema);
    expect(result.isError, JSON.stringify(result)).not.toBe(true);
    return result.structuredContent;
  });
  const refused = await client.callTool({ name: 'tasked_flow_status', arguments: {} });
  expect(refused).toMatchObject({ isError: true, content: [{ type: 'text' }] });
  await expect(client.callTool({ name: 'tasked_nothing', arguments: {} })).rejects.toMatchObject({
    code: -32_602,
  });
});
