import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientOf, newDatabase } from '../../stdio/test/postgres/databases.ts';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import type { ApiKey } from '../src/keys/api-key.ts';
import type { KeyStore } from '../src/keys/key-store.ts';
import { openKeyStore } from '../src/keys/open-key-store.ts';
import { newSecret } from '../src/keys/secret.ts';
import type { Storage } from '../src/settings.ts';

const ann: ApiKey = key('ann', 1_000);

function key(name: string, createdAt: number): ApiKey {
  const { id, hash } = newSecret();
  return {
    ...{ id, name, principal: `${name}’s`, scopes: [], createdAt, hash },
    ...{ expiresAt: null, revokedAt: null, lastUsedAt: null },
  };
}

describe.each([
  ['files', async () => ({ dataDir: tempDir(), databaseUrl: undefined })],
  ['PostgreSQL', async () => ({ dataDir: '/nowhere', databaseUrl: await newDatabase() })],
])('keys in %s', (_name, newStorage) => {
  /** As many stores on the same keys as are asked for, opened at the same moment. */
  async function open(count: number): Promise<readonly KeyStore[]> {
    const storage = await newStorage();
    const stores = await Promise.all(Array.from({ length: count }, () => openKeyStore(storage)));
    onTestFinished(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    return stores;
  }

  it('are found as they were added, in the order of their making', async () => {
    const [store, other] = (await open(2)) as [KeyStore, KeyStore];
    expect(await store.list()).toEqual([]);
    expect(await store.get(ann.id)).toBe(null);
    const bob = { ...key('bob', 500.5), scopes: ['a:run', 'b'], expiresAt: 2_000 };
    expect(await store.add(ann)).toBe(true);
    expect(await store.add(bob)).toBe(true);
    expect(await other.get(ann.id)).toEqual(ann);
    expect(await other.list()).toEqual([bob, ann]);
  });

  it('have names that are used once, whoever comes first', async () => {
    const [store, other] = (await open(2)) as [KeyStore, KeyStore];
    expect(await store.add(ann)).toBe(true);
    await store.revoke(ann.id, 5);
    expect(await other.add(key('ann', 3_000))).toBe(false);
    expect(await other.list()).toHaveLength(1);
  });

  it('are revoked once and for all, beside notes of their use', async () => {
    const [store, other] = (await open(2)) as [KeyStore, KeyStore];
    await store.add(ann);
    await Promise.all([store.revoke(ann.id, 5_000), other.noteUse(ann.id, 4_000)]);
    await other.revoke(ann.id, 6_000);
    await other.noteUse(ann.id, 7_000);
    expect(await store.get(ann.id)).toEqual({ ...ann, revokedAt: 5_000, lastUsedAt: 7_000 });
    await store.revoke('0000000000000000', 1);
    expect(await store.list()).toHaveLength(1);
  });

  it('that were made before there were scopes have none', async () => {
    const storage = await newStorage();
    const store = await openKeyStore(storage);
    await store.add(ann);
    await store.close();
    await forgetScopes(storage, ann);
    const again = await openKeyStore(storage);
    onTestFinished(() => again.close());
    expect(await again.get(ann.id)).toEqual(ann);
    const bob = { ...key('bob', 2_000), scopes: ['*'] };
    await again.add(bob);
    expect(await again.list()).toEqual([ann, bob]);
  });

  it('come with a secret that is the same for all, whoever asks first', async () => {
    const stores = await open(5);
    const secrets = await Promise.all(stores.map((store) => store.secret()));
    const texts = secrets.map((secret) => Buffer.from(secret).toString('hex'));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await stores[0]?.list()).toEqual([]);
  });
});

/** Leaves a key as an earlier version did. */
async function forgetScopes({ dataDir, databaseUrl }: Storage, { id }: ApiKey): Promise<void> {
  if (databaseUrl !== undefined) {
    await clientOf(databaseUrl)`alter table tasked_http.api_key drop column scopes`;
    return;
  }
  const file = join(dataDir, 'keys', `${id}.json`);
  const { scopes: _, ...others } = JSON.parse(readFileSync(file, 'utf8')) as ApiKey;
  writeFileSync(file, JSON.stringify(others));
}
