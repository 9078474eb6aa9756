import { retentionMs } from '@tasked/app-kit';
import { type Engine, openEngine as openKitEngine } from '@tasked/app-kit/engine';
import type { Logger } from '@tasked/core';
import type { Settings } from './settings.ts';

/**
 * How long a command that has to stop is given from SIGTERM to SIGKILL. Together with the grace that tasks get
 * before, it is less than the four seconds after which clients kill their server.
 */
const TERM_MS = { serve: 2_000, work: 4_000 } as const;

/** Opens the engine that the command line asks for; nothing runs yet. */
export function openEngine(settings: Settings, logger: Logger): Promise<Engine> {
  const { place, concurrency, passEnv, retainHours } = settings;
  return openKitEngine(
    {
      place,
      permissions: { shell: true, privateNetwork: true, passEnv },
      shellGraceMs: TERM_MS[settings.kind],
      concurrency,
      retentionMs: retentionMs(retainHours),
      ...(settings.kind === 'work' && { queues: settings.queues, name: settings.name }),
    },
    logger,
  );
}
