import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { BIN } from './bin.ts';

/** The program as a bare process: what it writes, and how it ends. */
export class TaskedProcess {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = '';
  stderr = '';
  readonly #exited: Promise<Exit>;

  constructor(
    args: readonly string[],
    options: {
      readonly nodeArgs?: readonly string[];
      readonly cwd?: string;
      /** Beside ours; undefined removes one. */
      readonly env?: Readonly<Record<string, string | undefined>>;
    } = {},
  ) {
    const { nodeArgs = [], cwd, env } = options;
    this.child = spawn(process.execPath, [...nodeArgs, BIN, ...args], {
      cwd,
      env: { ...process.env, ...env },
    });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.child.stdin.on('error', () => {});
    this.#exited = once(this.child, 'close').then(([code, signal]) => ({ code, signal }) as Exit);
    onTestFinished(() => {
      this.child.kill('SIGKILL');
    });
  }

  /** How it ended. */
  exit(): Promise<Exit> {
    return this.#exited;
  }

  /** Writes JSON-RPC messages, one a line. */
  send(...messages: readonly object[]): void {
    for (const message of messages) this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** The answer to `id`, once it is there; what came on stdout so far MUST be JSON-RPC. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  async answer(id: number): Promise<any> {
    for (;;) {
      const found = this.messages().find((message) => message.id === id);
      if (found !== undefined) return found;
      await once(this.child.stdout, 'data');
    }
  }

  /** Resolves when it has logged this text. */
  async logs(text: string): Promise<void> {
    while (!this.stderr.includes(text)) await once(this.child.stderr, 'data');
  }

  /** Every message so far; a batch counts as its parts. */
  messages(): readonly Message[] {
    const whole = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => {
        const messages = [JSON.parse(line) as Message | Message[]].flat();
        const isRpc = messages.every(({ jsonrpc }) => jsonrpc === '2.0');
        if (!isRpc) throw new Error(`no JSON-RPC on stdout: ${line}`);
        return messages;
      });
  }
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Message {
  readonly jsonrpc: string;
  readonly id?: number;
}

/** What a client says first. */
export const HANDSHAKE = [
  {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'e2e', version: '1' },
    },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
] as const;

/** A call of a tool, as a message. */
export function toolCall(id: number, name: string, args: object): object {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } };
}
