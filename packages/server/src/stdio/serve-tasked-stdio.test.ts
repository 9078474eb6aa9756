import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { until, Workbench } from '../../test/workbench.ts';
import { serveTaskedStdio, type TaskedStdio } from './serve-tasked-stdio.ts';

/** A client that writes and reads plain text. */
class Wire {
  readonly bench = new Workbench();
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly stdio: TaskedStdio;
  #received = '';

  constructor() {
    const { flows, logs, clock } = this.bench;
    const quiet = () => {};
    this.output.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString();
    });
    this.stdio = serveTaskedStdio({
      flows,
      logs,
      clock,
      owner: '',
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      version: '1.2.3',
      input: this.input,
      output: this.output,
    });
  }

  get received(): string {
    return this.#received;
  }

  send(...messages: readonly object[]): void {
    for (const message of messages) this.input.write(`${JSON.stringify(message)}\n`);
  }

  /** The answers so far, of which at least `count` must come. */
  async answers(count: number): Promise<readonly Answer[]> {
    await until(() => this.#lines().length >= count);
    return this.#lines().map((line) => JSON.parse(line) as Answer);
  }

  async text(): Promise<string> {
    await until(() => this.#received !== '');
    return this.#received;
  }

  #lines(): readonly string[] {
    return this.#received.split('\n').filter((line) => line !== '');
  }
}

interface Answer {
  readonly id: number | string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  },
};
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
const call = (id: number, name: string, args: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

describe('serveTaskedStdio', () => {
  it('serves a client of the 2025 revisions', async () => {
    const wire = new Wire();
    wire.send(initialize, initialized, { jsonrpc: '2.0', id: 2, method: 'tools/list' });
    const [first, second] = await wire.answers(2);
    expect(first?.result).toMatchObject({
      serverInfo: { name: 'tasked', version: '1.2.3' },
      capabilities: { tools: {} },
    });
    expect(second?.result.tools).toHaveLength(6);
  });

  it('serves a client of the 2026 revision', async () => {
    const wire = new Wire();
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    wire.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'tasked_list_flows', arguments: {}, _meta },
    });
    const [answer] = await wire.answers(1);
    expect(answer?.result).toMatchObject({
      resultType: 'complete',
      structuredContent: { count: 0 },
    });
  });

  it('says when the client was told the tools, or wants something else', async () => {
    const [lists, calls] = [new Wire(), new Wire()];
    for (const wire of [lists, calls]) {
      const over = vi.fn();
      void wire.stdio.introduced.then(over);
      await wire.bench.clock.advance(40);
      wire.send(initialize, initialized, { jsonrpc: '2.0', id: 9, method: 'ping' });
      await wire.answers(2);
      await wire.bench.clock.advance(40);
      expect(over).not.toHaveBeenCalled();
    }
    lists.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    await lists.stdio.introduced;
    expect(lists.received).toContain('"tools":[');
    calls.send(call(2, 'tasked_list_flows', {}));
    await calls.stdio.introduced;
  });

  it('does not wait for a client that says nothing, or has gone', async () => {
    const [silent, gone] = [new Wire(), new Wire()];
    await silent.bench.clock.advance(50);
    await silent.stdio.introduced;
    gone.input.end();
    await gone.stdio.introduced;
  });

  it('answers in the framing that it is asked in', async () => {
    const wire = new Wire();
    const asked = JSON.stringify(initialize);
    wire.input.write(`Content-Length: ${Buffer.byteLength(asked)}\r\n\r\n${asked}`);
    const text = await wire.text();
    const [, length, body] = /^Content-Length: (\d+)\r\n\r\n(.*)$/s.exec(text) ?? [];
    expect(Number(length)).toBe(Buffer.byteLength(body ?? ''));
    expect(JSON.parse(body ?? '')).toMatchObject({ id: 1, result: {} });
  });

  it('answers what is no JSON, and what is no JSON-RPC, and goes on', async () => {
    const wire = new Wire();
    wire.input.write('nonsense\n{"id": 7}\n[]\n42\n{"jsonrpc":"2.0","id":{},"method":"x"}\n');
    wire.send(initialize);
    const answers = await wire.answers(6);
    expect(answers.map(({ id, error }) => [id, error?.code])).toEqual([
      [null, -32_700],
      [7, -32_600],
      [null, -32_600],
      [null, -32_600],
      [null, -32_600],
      [1, undefined],
    ]);
  });

  it('answers a batch with a batch', async () => {
    const wire = new Wire();
    wire.send(initialize, initialized);
    await wire.answers(1);
    wire.send([
      call(2, 'tasked_list_flows', {}),
      { jsonrpc: '2.0', method: 'notifications/progress', params: {} },
      { id: 'no message' },
      call(3, 'tasked_list_flows', { limit: 1 }),
    ]);
    wire.send([{ jsonrpc: '2.0', method: 'notifications/initialized' }]);
    wire.send(call(4, 'tasked_list_flows', {}));
    const [, ...answers] = await wire.answers(3);
    const batch = answers.find((answer) => Array.isArray(answer)) as unknown as readonly Answer[];
    expect(batch.map(({ id, error }) => [id, error?.code]).toSorted()).toEqual([
      [2, undefined],
      [3, undefined],
      ['no message', -32_600],
    ]);
    expect(answers.find(({ id }) => id === 4)?.result).toBeDefined();
  });

  it('leaves out of a batch what was called off', async () => {
    const wire = new Wire();
    const flow_id = await wire.bench.submit([{ id: 'a' }]);
    wire.send(initialize, initialized);
    await wire.answers(1);
    wire.send([
      call(2, 'tasked_flow_status', { flow_id, wait_secs: 20 }),
      call(3, 'tasked_list_flows', {}),
    ]);
    wire.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
    const [, answer] = await wire.answers(2);
    expect(answer).toMatchObject([{ id: 3, result: {} }]);
  });

  it('finds its way back in header framing after what is no message', async () => {
    const wire = new Wire();
    const framed = (message: object) => {
      const text = JSON.stringify(message);
      return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
    };
    wire.input.write('  \r\nConten');
    wire.input.write('t-Type: x\r\n\r\n');
    wire.input.write(`Content-Length: 3\r\n\r\n{"jsonrpc": "2.0"}${framed(initialize)}`);
    await until(() => wire.received.includes('"serverInfo"'));
    expect(wire.received.match(/-32700/g)).toHaveLength(2);
  });

  it('answers what came in before the client closed its end, even without a newline', async () => {
    const wire = new Wire();
    const flow_id = await wire.bench.submit([{ id: 'a' }]);
    wire.send(initialize, initialized, call(2, 'tasked_flow_status', { flow_id, wait_secs: 20 }));
    wire.input.end(JSON.stringify(call(3, 'tasked_list_flows', {})));
    await wire.stdio.ended;
    await wire.stdio.close();
    const answers = await wire.answers(3);
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, 2, 3]));
    expect(answers.every(({ error }) => error === undefined)).toBe(true);
    expect(wire.bench.clock.now()).toBe(Date.UTC(2026, 0, 1));
  });

  it('does not wait for the answer of a call that was called off', async () => {
    const wire = new Wire();
    const flow_id = await wire.bench.submit([{ id: 'a' }]);
    wire.send(initialize, initialized, call(2, 'tasked_flow_status', { flow_id, wait_secs: 20 }));
    await wire.answers(1);
    wire.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
    wire.input.end();
    await wire.stdio.ended;
    await wire.stdio.close();
    expect(await wire.answers(1)).toHaveLength(1);
  });

  it('gives up after a second on a call that does not end', async () => {
    const wire = new Wire();
    wire.bench.flows.list = () => new Promise(() => {});
    wire.send(initialize, initialized, call(2, 'tasked_list_flows', {}));
    await wire.answers(1);
    wire.input.end();
    await wire.stdio.ended;
    let closed = false;
    const closing = wire.stdio.close().then(() => {
      closed = true;
    });
    await wire.bench.clock.advance(999);
    expect(closed).toBe(false);
    await wire.bench.clock.advance(1);
    await closing;
  });

  it('ends when nothing can be written any more', async () => {
    const wire = new Wire();
    wire.send(initialize);
    await wire.answers(1);
    wire.output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await wire.stdio.ended;
    wire.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    await turn();
    await wire.stdio.close();
  });

  it('refuses a message that never ends', async () => {
    const wire = new Wire();
    const part = Buffer.alloc(1024 * 1024, 'x');
    for (let megabyte = 0; megabyte <= 64; megabyte++) wire.input.write(part);
    await wire.stdio.ended;
    const [answer] = await wire.answers(1);
    expect(answer?.error).toEqual({
      code: -32_600,
      message: 'a message has over 67108864 bytes',
    });
  });
});
