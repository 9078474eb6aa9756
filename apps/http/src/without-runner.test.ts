import { describe, expect, it } from 'vitest';
import { withoutRunner } from './without-runner.ts';

/** A store that knows these runners, of which some are dead. */
function runners(all: readonly string[], lost: readonly string[] = []) {
  return {
    listRunners: async () =>
      all.map((id) => ({ id, name: id, host: 'h', pid: 1, registeredAt: 0, attempts: 0 })),
    lostRunners: async () => lost,
  };
}

describe('withoutRunner', () => {
  it.each([[runners([])], [runners(['dead'], ['dead'])]])(
    'says that tasks wait when this process runs none and nobody else is alive',
    async (store) => {
      expect(await withoutRunner({ runner: false }, store, 'self')).toContain('nobody runs tasks');
    },
  );

  it('says nothing while a worker is alive, or when this process runs tasks', async () => {
    expect(await withoutRunner({ runner: false }, runners(['worker']), 'self')).toBeNull();
    expect(await withoutRunner({ runner: true }, runners([]), 'self')).toBeNull();
  });
});
