import { randomIds } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';

const store = new MemoryStore();
const now = Date.now();
const defaults = { retries: 0, timeoutMs: null };
await store.ensureQueue({ name: 'builds', concurrency: 2, defaults });
const runner = { id: randomIds.runnerId(), name: 'me', host: 'here', pid: process.pid };
await store.registerRunner({ ...runner, registeredAt: now });
const claim = { limit: 10, executors: ['shell'] };
const tick = await store.advance({ runnerId: runner.id, now, settle: [], claim });
console.log(tick); // nothing to do yet: { runner: 'ok', claimed: [], … }
await store.close();
