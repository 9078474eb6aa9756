import { PassThrough } from 'node:stream';
import { serveTaskedStdio, type TaskedStdio } from '../../src/stdio/serve-tasked-stdio.ts';
import { until, Workbench } from '../workbench.ts';

/** What came back for one request. */
export interface Reply {
  readonly id: unknown;
  readonly result?: {
    readonly content?: readonly [{ readonly text: string }];
    readonly isError?: boolean;
  };
  readonly error?: { readonly code: number; readonly message: string };
}

/** The server over two streams, to which anything at all can be written. */
export class Wire {
  readonly bench = new Workbench();
  readonly input = new PassThrough();
  readonly stdio: TaskedStdio;
  /** Lines that the server logged as errors. */
  readonly errors: string[] = [];
  received = '';
  #lastId = 1_000;

  constructor() {
    const { flows, logs, clock } = this.bench;
    const output = new PassThrough();
    output.on('data', (chunk: Buffer) => {
      this.received += chunk.toString();
    });
    const quiet = () => {};
    const error = (message: string, fields?: object) =>
      void this.errors.push(`${message} ${String((fields as { error?: unknown })?.error)}`);
    this.stdio = serveTaskedStdio({
      ...{ flows, logs, clock, owner: '', version: '1', input: this.input, output },
      logger: { debug: quiet, info: quiet, warn: quiet, error },
    });
  }

  /** Every reply so far, whichever way they are framed; a batch counts as its parts. */
  replies(): readonly Reply[] {
    return this.received
      .split(/\n|Content-Length: \d+\r\n\r\n/)
      .filter((text) => text.trim() !== '')
      .flatMap((text) => JSON.parse(text) as Reply | Reply[]);
  }

  reply(id: unknown): Reply | undefined {
    return this.replies().find((reply) => reply.id === id);
  }

  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  async answered(id: unknown): Promise<Reply> {
    await until(() => this.reply(id) !== undefined);
    return this.reply(id) as Reply;
  }
}

/** A request as a message. */
export function request(id: unknown, method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

/** What a client says first. */
export const HANDSHAKE: readonly string[] = [
  request('hello', 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'fuzz', version: '1' },
  }),
  JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
];

/** What no client may ever read: where our source lies, what calls what, what is asked of the database. */
export const LEAK =
  /\n\s+at |\\n\s+at |node_modules|packages\/|\.[cm]?[tj]s:\d|SQLITE|\bselect .* from\b/i;
