import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../../apps/stdio/bin/tasked-stdio.js', import.meta.url));

/** How the stdio app starts, and what it takes while it does nothing. */
export interface StdioFigures {
  /** From spawn to the answer of `tools/list`. */
  readonly toolsListMs: number;
  /** Resident memory three seconds later. */
  readonly idleMegabytes: number;
  /** Characters of the `tools/list` result. */
  readonly toolsListChars: number;
}

/** Starts the built app as a client would and asks for its tools; caches are kept in `cacheDir`. */
export async function stdioFigures(cacheDir: string): Promise<StdioFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tasked-stdio-'));
  const start = performance.now();
  const server = spawn(process.execPath, [BIN, '--data-dir', dataDir], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, XDG_CACHE_HOME: cacheDir },
  });
  const tools = await askForTools(server);
  const toolsListMs = performance.now() - start;
  await sleep(3_000);
  const idleMegabytes = await residentMegabytes(server.pid ?? 0);
  const exited = new Promise((resolve) => server.once('exit', resolve));
  server.stdin?.end();
  await exited;
  await rm(dataDir, { recursive: true });
  return { toolsListMs, idleMegabytes, toolsListChars: tools.length };
}

async function askForTools(server: ChildProcess): Promise<string> {
  const { stdin, stdout } = server;
  if (stdin === null || stdout === null) throw new Error('the server has no pipes');
  const send = (message: object) => stdin.write(`${JSON.stringify(message)}\n`);
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  };
  send({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  for await (const line of createInterface({ input: stdout })) {
    const { id, result } = JSON.parse(line) as { id?: number; result?: unknown };
    if (id === 2) return JSON.stringify(result);
    if (id !== 1) continue;
    send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  }
  throw new Error('the server ended before it answered');
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}
