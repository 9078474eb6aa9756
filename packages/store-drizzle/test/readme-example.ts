import { randomIds } from '@tasked/core';
import { FileLogStore, openSqliteStore } from '@tasked/store-drizzle/sqlite';

const dataDir = 'tasked-data';
const store = await openSqliteStore({ dataDir });
const logs = new FileLogStore({ dataDir });

const defaults = { retries: 0, timeoutMs: null };
await store.ensureQueue({ name: 'default', concurrency: 10, defaults });
const runner = { id: randomIds.runnerId(), name: 'me', host: 'here', pid: process.pid };
await store.registerRunner({ ...runner, registeredAt: Date.now() });
console.log(await store.listRunners());

logs.close();
await store.close();
