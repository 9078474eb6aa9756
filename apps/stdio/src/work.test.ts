import { expect, it, vi } from 'vitest';
import { openEngine } from './engine.ts';
import { work } from './work.ts';

vi.mock('./engine.ts', () => ({ openEngine: vi.fn() }));
vi.mock('@tasked/app-kit', () => ({
  settleDownLater: () => {},
  stopSignal: async () => 'SIGTERM',
}));

it('writes the logs also when the runner cannot stop in order', async () => {
  const close = vi.fn(async () => {});
  const stop = () => Promise.reject(new Error('the disk is full'));
  const runner = { id: 'r_1', start: async () => {}, stop };
  vi.mocked(openEngine).mockResolvedValue({ runner, close } as never);
  const quiet = () => {};
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  await expect(work({ place: { kind: 'sqlite', dataDir: 'x' } } as never, logger)).rejects.toThrow(
    'the disk is full',
  );
  expect(close).toHaveBeenCalledOnce();
});
