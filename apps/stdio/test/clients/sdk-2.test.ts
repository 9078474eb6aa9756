import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, type VersionNegotiationMode } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIN } from '../support/bin.ts';
import { tempDir } from '../support/temp-dir.ts';
import { runDocumentedFlow, TOOLS } from './run-documented-flow.ts';

async function connected(mode: VersionNegotiationMode): Promise<Client> {
  const client = new Client({ name: 'sdk-2', version: '1' }, { versionNegotiation: { mode } });
  onTestFinished(() => client.close());
  const args = [BIN, '--data-dir', tempDir()];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }),
  );
  return client;
}

describe('@modelcontextprotocol/client', () => {
  it.each<[VersionNegotiationMode, string]>([
    ['legacy', '2025-11-25'],
    ['auto', '2026-07-28'],
    [{ pin: '2026-07-28' }, '2026-07-28'],
  ])('mode %o speaks %s with us and runs a flow', async (mode, version) => {
    const client = await connected(mode);
    expect(client.getNegotiatedProtocolVersion()).toBe(version);
    expect(client.getServerVersion()).toMatchObject({ name: 'tasked' });
    expect(client.getInstructions()).toContain('tasked_submit_flow');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS);
    // The client knows the output schemas now and checks every answer against them.
    await runDocumentedFlow(async (name, args) => {
      const result = await client.callTool({ name, arguments: args });
      expect(result.isError, JSON.stringify(result)).not.toBe(true);
      return result.structuredContent;
    });
  });

  it('hears of progress while it waits', async () => {
    const client = await connected('auto');
    const gate = join(tempDir(), 'gate');
    const command = `until [ -e '${gate}' ]; do sleep 0.05; done; exit 1`;
    const tasks = [{ id: 'a', executor: 'shell', config: { command }, retries: 0 }];
    const submitted = await client.callTool({ name: 'tasked_submit_flow', arguments: { tasks } });
    const { flow_id } = submitted.structuredContent as { flow_id: string };
    const heard: number[] = [];
    const args = { flow_id, wait_secs: 20 };
    const status = client.callTool(
      { name: 'tasked_flow_status', arguments: args },
      { onprogress: ({ progress }) => void heard.push(progress) },
    );
    // Whoever is answered later was heard later: the status is waiting by then.
    await client.callTool({ name: 'tasked_flow_status', arguments: { flow_id } });
    await writeFile(gate, '');
    await status;
    expect(heard).toEqual([1]);
  });
});
