import { openEngine } from '@tasked/app-kit/engine';
import type { Logger } from '@tasked/core';
import { createTaskedHttp, durableTool } from '@tasked/server';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { byKey } from '../src/authentication/by-key.ts';
import { openUntilKeys } from '../src/authentication/open-until-keys.ts';
import { FileKeyStore } from '../src/keys/file-key-store.ts';
import { listen } from '../src/web/listen.ts';
import { webApp } from '../src/web/web-app.ts';
import { type Caller, ERAS, rpc } from './support/rpc.ts';
import { newKey } from './support/tasked-http.ts';

const quiet = () => {};
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const analyze = durableTool({
  name: 'analyze',
  description: 'Analyzes.',
  scope: 'analysis:run analysis:read',
  inputSchema: z.object({}),
  run: () => 'analyzed',
});

const ENGINE = {
  place: { kind: 'memory' },
  permissions: { shell: false, privateNetwork: false, passEnv: [] },
  shellGraceMs: 0,
  concurrency: undefined,
  retentionMs: 3_600_000,
} as const;

/** The routes of the program, on keys in a directory, before a durable tool that asks for scopes. */
async function serve(dataDir: string): Promise<string> {
  const engine = await openEngine(ENGINE, logger);
  const { flows, logs } = engine;
  const mcp = createTaskedHttp({ flows, logs, logger, version: '1', tools: [analyze] });
  const keys = new FileKeyStore(dataDir);
  const authenticate = openUntilKeys(keys, byKey(keys));
  const isHealthy = async () => true;
  const app = webApp({ mcp, authenticate, allowedHosts: [], isHealthy, version: '1', logger });
  const listening = await listen({ fetch: app.fetch, host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    mcp.release();
    await listening.close(1_000);
    await mcp.close();
    await engine.close();
  });
  return `${listening.url}/mcp`;
}

/** What comes of calling the tool as a task: the status of the task, or the scopes that are missing. */
async function analyzeAs(caller: Caller): Promise<unknown> {
  const call = { name: 'analyze', arguments: {} };
  const asked = caller.era === '2025-11-25' ? { ...call, task: {} } : call;
  const { result, error } = await rpc(caller, 'tools/call', asked);
  if (error !== undefined) return missingIn(error.message.slice(error.message.indexOf('{')));
  return result.isError === true
    ? missingIn(result.content[0].text)
    : (result.task ?? result).status;
}

function missingIn(text: string): unknown {
  const { error } = JSON.parse(text);
  expect(error.code).toBe('forbidden');
  return error.missing_scopes;
}

it.each(ERAS)('a key opens the tools whose every scope it has, to clients of %s', async (era) => {
  const dir = tempDir();
  const url = await serve(dir);
  const withKey = (name: string, ...more: readonly string[]) =>
    analyzeAs({ url, era, key: newKey(name, '--data-dir', dir, ...more) });
  expect(await withKey('both', '--scopes', 'analysis:read,analysis:run,other')).toBe('working');
  expect(await withKey('all', '--scopes', '*')).toBe('working');
  expect(await withKey('one', '--scopes', 'analysis:run')).toEqual(['analysis:read']);
  expect(await withKey('none')).toEqual(['analysis:run', 'analysis:read']);
});

it.each(ERAS)(
  'where there are no keys everybody has every scope, to clients of %s',
  async (era) => {
    const dir = tempDir();
    const url = await serve(dir);
    expect(await analyzeAs({ url, era, key: '' })).toBe('working');
    const key = newKey('first', '--data-dir', dir);
    expect(await analyzeAs({ url, era, key })).toEqual(['analysis:run', 'analysis:read']);
  },
);
