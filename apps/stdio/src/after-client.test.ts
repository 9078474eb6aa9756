import { describe, expect, it } from 'vitest';
import { afterClient } from './after-client.ts';
import type { ServeSettings } from './settings.ts';

const settings: ServeSettings = {
  kind: 'serve',
  place: { kind: 'sqlite', dataDir: '/data' },
  concurrency: undefined,
  retainHours: undefined,
  passEnv: [],
  logLevel: 'info',
};

/** A store that knows these runners, of which some are dead. */
function runners(all: readonly string[], lost: readonly string[] = []) {
  return {
    listRunners: async () =>
      all.map((id) => ({ id, name: id, host: 'h', pid: 1, registeredAt: 0, attempts: 0 })),
    lostRunners: async () => lost,
  };
}

describe('afterClient', () => {
  it('says nothing while another process is there to go on', async () => {
    expect(await afterClient(settings, runners(['self', 'other']), 'self')).toBeNull();
  });

  it.each([[runners(['self'])], [runners(['self', 'dead'], ['dead'])]])(
    'says how to keep a worker running when nobody else is alive',
    async (store) => {
      expect(await afterClient(settings, store, 'self')).toBe(
        'this process runs the tasks: for work that outlasts this client keep ' +
          '`tasked-stdio worker --data-dir /data` running',
      );
    },
  );

  it('gives a command that a shell understands', async () => {
    const odd: ServeSettings = {
      ...settings,
      place: { kind: 'sqlite', dataDir: "/it's here" },
    };
    expect(await afterClient(odd, runners(['self']), 'self')).toContain(
      "--data-dir '/it'\\''s here'` running",
    );
  });

  it('does not tell the URL of a database', async () => {
    const url = 'postgres://me:secret@host/db';
    const place = { kind: 'postgres', url, sessionUrl: undefined, dataDir: '' } as const;
    const postgres: ServeSettings = { ...settings, place };
    expect(await afterClient(postgres, runners(['self']), 'self')).toBe(
      'this process runs the tasks: for work that outlasts this client keep ' +
        '`tasked-stdio worker` running on the same database',
    );
  });

  it('says that memory forgets', async () => {
    const memory: ServeSettings = { ...settings, place: { kind: 'memory' } };
    expect(await afterClient(memory, runners([]), 'self')).toBe(
      'flows are kept in memory and end with this client',
    );
  });
});
