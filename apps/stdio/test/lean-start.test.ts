import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HANDSHAKE, TaskedProcess, toolCall } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';

const RECORDER = fileURLToPath(new URL('./support/record-loads.ts', import.meta.url));

const LIST_TOOLS = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

/** The engine, its store and what runs tasks; a part of each URL. */
const ENGINE = [
  '/app-kit/dist/engine/',
  '/better-sqlite3/',
  '/canonicalize/',
  '/dag-engine/dist/flows.js',
  '/dag-engine/dist/runner.js',
  '/executors/dist/',
  '/store-drizzle/dist/',
];

/** What answers calls and tells of tasks. */
const CALLS = [
  '/server/dist/server/call-tool.js',
  '/server/dist/server/call-as-legacy.js',
  '/server/dist/tasks/flow-tasks.js',
];

/** What this client has no use for at all. */
const NEVER = [
  '/drizzle-orm/',
  '/postgres/',
  '/server/dist/durable/durable-call.js',
  '/server/dist/http/',
  '/server/dist/tasks/standalone-tasks.js',
  '/stdio/dist/doctor/',
  '/stdio/dist/print-config.js',
  '/stdio/dist/work.js',
  '/store-memory/',
];

/** Runs the program until it was asked for its tools, and once for its flows. */
async function loads(): Promise<{ readonly forTools: string; readonly atAll: string }> {
  const [forTools, atAll] = [join(tempDir(), 'for-tools'), join(tempDir(), 'at-all')];
  const server = new TaskedProcess(['--data-dir', tempDir()], {
    nodeArgs: ['--import', RECORDER],
    env: { LOADED_FOR_TOOLS: forTools, LOADED_AT_ALL: atAll },
  });
  server.send(...HANDSHAKE, LIST_TOOLS);
  await server.answer(1);
  server.send(toolCall(2, 'tasked_list_flows', {}));
  await server.answer(2);
  server.child.stdin.end();
  await server.exit();
  return { forTools: readFileSync(forTools, 'utf8'), atAll: readFileSync(atAll, 'utf8') };
}

describe('what a start costs', () => {
  it('tells its tools before it loads what only calls and tasks need', async () => {
    const { forTools, atAll } = await loads();
    const within = (urls: string) => (part: string) => urls.includes(part);
    expect([...ENGINE, ...CALLS, ...NEVER].filter(within(forTools))).toEqual([]);
    expect(NEVER.filter(within(atAll))).toEqual([]);
    // The names still mean something.
    expect([...ENGINE, ...CALLS].filter(within(atAll))).toEqual([...ENGINE, ...CALLS]);
  });

  it('keeps compiled code where the user keeps caches', async () => {
    const cache = tempDir();
    await started({ XDG_CACHE_HOME: cache });
    const kept = readdirSync(join(cache, 'tasked'), { recursive: true });
    expect(kept.length).toBeGreaterThan(100);
  });

  it('starts where nothing can be kept', async () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, 'mine');
    await started({ XDG_CACHE_HOME: file });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

async function started(env: Readonly<Record<string, string>>): Promise<void> {
  const server = new TaskedProcess(['--data-dir', tempDir()], { env });
  server.send(...HANDSHAKE, LIST_TOOLS);
  await server.answer(1);
  server.child.stdin.end();
  expect(await server.exit()).toEqual({ code: 0, signal: null });
}
