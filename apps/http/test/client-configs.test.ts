import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { JSON_HEADERS, ping, send } from './support/raw-request.ts';
import { newKey, TaskedHttp } from './support/tasked-http.ts';

const CONFIGS = new URL('../../../examples/02-client-configs/http/', import.meta.url);

interface Entry {
  readonly url: string;
  readonly headers: { readonly Authorization: string };
}

interface Config {
  readonly servers?: { readonly tasked: Entry };
  readonly mcpServers?: { readonly tasked: Entry };
}

/** What a client makes of its configuration once it has put the key in. */
function entryOf(file: string, key: string): Entry {
  const text = readFileSync(new URL(file, CONFIGS), 'utf8');
  const config = JSON.parse(text.replace(/Bearer \$\{[\w:-]+\}/, `Bearer ${key}`)) as Config;
  return (config.servers ?? config.mcpServers)?.tasked as Entry;
}

it.each(readdirSync(CONFIGS))('a client reaches the server by %s', async (file) => {
  const dir = tempDir();
  const entry = entryOf(file, newKey('ann', '--data-dir', dir));
  const { url } = await TaskedHttp.start(['--data-dir', dir]);
  const { port } = new URL(url);
  expect(entry.url).toBe(url.replace(`:${port}/`, ':8765/'));
  const headers = { ...JSON_HEADERS, ...entry.headers };
  expect((await send(url, { ...ping(), headers })).status).toBe(200);
});
