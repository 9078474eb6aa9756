import type { FlowTaskRef, StoredOutput } from '@tasked/core';
import { expect, test } from 'vitest';
import { keyOf, OutputCache } from './output-cache.ts';

class CountingStore {
  readonly asked: (readonly FlowTaskRef[])[] = [];

  async readOutputs(refs: readonly FlowTaskRef[]): Promise<readonly StoredOutput[]> {
    this.asked.push(refs);
    return refs.map((ref) => ({ kind: 'output', value: `stored ${ref.taskId}` }));
  }
}

const a = { flowId: 'f_1', taskId: 'a' };
const b = { flowId: 'f_1', taskId: 'b' };

test('what this process settled costs no read, the rest one read for all, each once', async () => {
  const store = new CountingStore();
  const cache = new OutputCache(store);
  cache.remember(a, { n: 1 }, 7);
  const outputs = await cache.read([a, b, b], 1_000);
  expect(outputs.get(keyOf(a))).toEqual({ kind: 'output', value: { n: 1 } });
  expect(outputs.get(keyOf(b))).toEqual({ kind: 'output', value: 'stored b' });
  expect(store.asked).toEqual([[b]]);
  await cache.read([a], 1_000);
  expect(store.asked).toHaveLength(1);
});

test('long outputs are left to the store', async () => {
  const store = new CountingStore();
  const cache = new OutputCache(store);
  cache.remember(a, 'x'.repeat(10_000), 10_002);
  await cache.read([a], 1_000);
  expect(store.asked).toEqual([[a]]);
});
