import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BIN } from './support/bin.ts';
import { HANDSHAKE, TaskedProcess, toolCall } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';

const RECORDER = fileURLToPath(new URL('./support/record-loads.ts', import.meta.url));

/** Where the bundles of the program are. */
const DIST = fileURLToPath(new URL('../dist', import.meta.url));

const LIST_TOOLS = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

/** The engine, its store and what runs tasks; a part of the path of each source. */
const ENGINE = [
  '/app-kit/src/engine/',
  '/better-sqlite3/',
  '/canonicalize/',
  '/dag-engine/src/flows.ts',
  '/dag-engine/src/runner.ts',
  '/executors/src/',
  '/store-drizzle/src/',
];

/** What answers calls and tells of tasks. */
const CALLS = [
  '/server/src/server/call-tool.ts',
  '/server/src/server/call-as-legacy.ts',
  '/server/src/tasks/flow-tasks.ts',
];

/** What this client has no use for at all. */
const NEVER = [
  '/drizzle-orm/',
  '/postgres/',
  '/server/src/durable/durable-call.ts',
  '/server/src/http/',
  '/server/src/tasks/standalone-tasks.ts',
  '/src/doctor/',
  '/src/print-config.ts',
  '/src/work.ts',
  '/store-memory/',
  '/zod/v4/locales/de.js',
];

/** Runs the program until it was asked for its tools, and once for its flows; the files that it loaded. */
async function loads() {
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
  return { forTools: filesIn(forTools), atAll: filesIn(atAll) };
}

function filesIn(record: string): readonly string[] {
  const urls = readFileSync(record, 'utf8').split('\n');
  return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
}

/** The paths of what was bundled into these files, or of files that are no bundles. */
function sourcesOf(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    if (dirname(file) !== DIST) return [file];
    const map = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] };
    return map.sources.map((source) => join(DIST, source));
  });
}

describe('what a start costs', () => {
  it('tells its tools before it loads what only calls and tasks need', async () => {
    const { forTools, atAll } = await loads();
    const within = (files: readonly string[]) => {
      const sources = sourcesOf(files);
      return (part: string) => sources.some((source) => source.includes(part));
    };
    expect([...ENGINE, ...CALLS, ...NEVER].filter(within(forTools))).toEqual([]);
    expect(NEVER.filter(within(atAll))).toEqual([]);
    // The names still mean something.
    expect([...ENGINE, ...CALLS].filter(within(atAll))).toEqual([...ENGINE, ...CALLS]);
  });

  it('tells its tools from a few files of its own', async () => {
    const { forTools } = await loads();
    const program = forTools.filter((file) => file !== RECORDER && file !== BIN);
    expect(program.filter((file) => dirname(file) !== DIST)).toEqual([]);
    expect(program).toContain(join(DIST, 'main.js'));
    expect(program.length).toBeLessThan(25);
  });

  it('keeps compiled code where the user keeps caches', async () => {
    const cache = tempDir();
    await started({ XDG_CACHE_HOME: cache });
    const kept = readdirSync(join(cache, 'tasked'), { recursive: true });
    expect(kept.length).toBeGreaterThan(5);
  });

  it('starts where nothing can be kept', async () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, 'mine');
    await started({ XDG_CACHE_HOME: file });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

async function started(env: Readonly<Record<string, string>>): Promise<void> {
  const alone = { NODE_COMPILE_CACHE: undefined, ...env };
  const server = new TaskedProcess(['--data-dir', tempDir()], { env: alone });
  server.send(...HANDSHAKE, LIST_TOOLS);
  await server.answer(1);
  server.child.stdin.end();
  expect(await server.exit()).toEqual({ code: 0, signal: null });
}
