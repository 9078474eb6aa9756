import { expect, it, onTestFinished, vi } from 'vitest';
import { isHealthy } from './is-healthy.ts';

it('a store is healthy when it answers, and not when it fails', async () => {
  expect(await isHealthy({ listRunners: async () => [] })).toBe(true);
  expect(await isHealthy({ listRunners: () => Promise.reject(new Error('gone')) })).toBe(false);
});

it('a store that does not answer soon is not healthy', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const looking = isHealthy({ listRunners: () => new Promise(() => {}) });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await looking).toBe(false);
});
