import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BIN } from '../support/bin.ts';
import { tempDir } from '../support/temp-dir.ts';
import { runDocumentedFlow, TOOLS } from './run-documented-flow.ts';

const inspector = fileURLToPath(
  new URL(
    'clients/launcher/build/index.js',
    import.meta.resolve('@modelcontextprotocol/inspector/package.json'),
  ),
);

const run = promisify(execFile);

/** The Inspector's command line on a server of its own with this data directory; it starts anew each time. */
class Inspector {
  readonly #dataDir = tempDir();
  readonly #home = tempDir();
  readonly #era: string;

  constructor(era: string) {
    this.#era = era;
  }

  async request(method: string, ...args: readonly string[]) {
    const options = [
      '--protocol-era',
      this.#era,
      '--format',
      'json',
      '--quiet',
      '--method',
      method,
    ];
    const server = [process.execPath, BIN, '--data-dir', this.#dataDir];
    const { stdout } = await run(
      process.execPath,
      [inspector, '--cli', ...options, ...args, '--', ...server],
      { env: { ...process.env, HOME: this.#home } },
    );
    return JSON.parse(stdout).result;
  }
}

/** In this era a server decides what becomes a task, and the Inspector follows it to its end. */
function knowsTasks(era: string): boolean {
  return era === 'modern';
}

describe.each(['modern', 'legacy'])('the command line of the Inspector, era %s', (era) => {
  it('lists the tools and finds no fault with their schemas', async () => {
    const { tools } = await new Inspector(era).request('tools/list', '--strict');
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(TOOLS);
  });

  it('runs a flow, which goes on from one server to the next', async () => {
    const inspect = new Inspector(era);
    await runDocumentedFlow(
      async (name, args) => {
        const json = JSON.stringify(args);
        const call = ['--tool-name', name, '--tool-args-json', json];
        return (await inspect.request('tools/call', ...call)).structuredContent;
      },
      knowsTasks(era) ? 'succeeded' : 'running',
    );
  });
});
