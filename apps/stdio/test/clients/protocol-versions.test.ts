import { describe, expect, it } from 'vitest';
import { TaskedProcess, toolCall } from '../support/tasked-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { runDocumentedFlow } from './run-documented-flow.ts';

const clientInfo = { name: 'lines', version: '1' };

function initialize(protocolVersion: string): object {
  const params = { protocolVersion, capabilities: {}, clientInfo };
  return { jsonrpc: '2.0', id: 0, method: 'initialize', params };
}

const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };

/** The 2026 revision has no handshake: what there was to agree upon comes with every request. */
function modern(id: number, method: string, params: object = {}, version = '2026-07-28'): object {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
}

describe('a client that speaks', () => {
  it.each(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'])(
    '%s is answered in that version and runs a flow',
    async (version) => {
      const server = new TaskedProcess(['--data-dir', tempDir()]);
      server.send(initialize(version), INITIALIZED);
      const { result } = await server.answer(0);
      expect(result).toMatchObject({ protocolVersion: version, capabilities: { tools: {} } });
      let id = 0;
      await runDocumentedFlow(async (name, args) => {
        id += 1;
        server.send(toolCall(id, name, args));
        const { result: answer } = await server.answer(id);
        expect(answer).not.toHaveProperty('resultType');
        return JSON.parse(answer.content[0].text);
      });
    },
  );

  it('a version that nobody knows is offered the newest of its era', async () => {
    const server = new TaskedProcess(['--store', 'memory']);
    server.send(initialize('1999-12-31'));
    expect((await server.answer(0)).result.protocolVersion).toBe('2025-11-25');
  });

  it('2026-07-28 without any handshake is answered at once', async () => {
    const server = new TaskedProcess(['--data-dir', tempDir()]);
    let id = 0;
    await runDocumentedFlow(async (name, args) => {
      id += 1;
      server.send(modern(id, 'tools/call', { name, arguments: args }));
      const { result } = await server.answer(id);
      expect(result).toMatchObject({ resultType: 'complete' });
      return result.structuredContent;
    });
  });

  it('a later version than 2026-07-28 is told which ones there are', async () => {
    const server = new TaskedProcess(['--store', 'memory']);
    server.send(modern(1, 'tools/list', {}, '2099-01-01'));
    const { error } = await server.answer(1);
    expect(error).toMatchObject({ code: -32_022, data: { supported: ['2026-07-28'] } });
  });
});
