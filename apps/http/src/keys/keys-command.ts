import { TaskedError } from '@tasked/core';
import type { CreateKeySettings, KeysSettings, RevokeKeySettings } from '../settings.ts';
import { type ApiKey, keyState } from './api-key.ts';
import type { KeyStore } from './key-store.ts';
import { openKeyStore } from './open-key-store.ts';
import { newSecret } from './secret.ts';

/** Does what `tasked-http keys …` asks for. Throws `already_exists`, `not_found` and `unavailable`. */
export async function runKeysCommand(settings: KeysSettings): Promise<void> {
  const keys = await openKeyStore(settings);
  try {
    switch (settings.command) {
      case 'create':
        return await createKey(settings, keys);
      case 'list':
        return printKeys(await keys.list(), settings.json);
      case 'revoke':
        return await revokeKey(settings, keys);
    }
  } finally {
    await keys.close();
  }
}

/** The key alone goes to stdout, so that it can be piped to where it is to be kept. */
async function createKey(settings: CreateKeySettings, keys: KeyStore): Promise<void> {
  const { name, principal, scopes, expiresAt } = settings;
  const { id, secret, hash } = newSecret();
  const never = { revokedAt: null, lastUsedAt: null };
  const key = { id, name, principal, scopes, createdAt: Date.now(), expiresAt, ...never, hash };
  if (!(await keys.add(key))) {
    const message = `there is a key "${name}" already, or there was: names are used once; choose another`;
    throw new TaskedError('already_exists', message);
  }
  process.stdout.write(`${secret}\n`);
  const until = expiresAt === null ? 'until it is revoked' : `until ${time(expiresAt)}`;
  process.stderr.write(
    `tasked-http: key "${name}" is good ${until}; this is the only time that it is shown\n`,
  );
}

async function revokeKey({ name }: RevokeKeySettings, keys: KeyStore): Promise<void> {
  const found = (await keys.list()).find((key) => key.name === name || key.id === name);
  if (found === undefined) {
    const message = `there is no key "${name}"; tasked-http keys list shows all`;
    throw new TaskedError('not_found', message);
  }
  await keys.revoke(found.id, Date.now());
  process.stderr.write(`tasked-http: key "${found.name}" opens nothing any more\n`);
}

function printKeys(keys: readonly ApiKey[], json: boolean): void {
  const rows = keys.map(shown);
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : table(rows));
}

/** Nothing of this helps to guess a key. */
function shown(key: ApiKey) {
  return {
    name: key.name,
    key: `tasked_${key.id}_…`,
    state: keyState(key, Date.now()),
    principal: key.principal,
    scopes: key.scopes.length === 0 ? null : key.scopes.join(' '),
    created: time(key.createdAt),
    expires: time(key.expiresAt),
    revoked: time(key.revokedAt),
    last_used: time(key.lastUsedAt),
  };
}

function table(rows: readonly ReturnType<typeof shown>[]): string {
  const [first] = rows;
  if (first === undefined) return 'There are no keys.\n';
  const names = Object.keys(first) as (keyof typeof first)[];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? '-'))];
  const widths = names.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
