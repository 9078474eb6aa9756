import { settleDownLater, stopSignal, withoutPassword } from '@tasked/app-kit';
import type { Logger } from '@tasked/core';
import { openEngine } from './engine.ts';
import type { SharedPlace, WorkSettings } from './settings.ts';

/** How long tasks may go on once a worker is told to stop. */
const GRACE_MS = 5_000;

/** Runs tasks until a signal comes. */
export async function work(settings: WorkSettings, logger: Logger): Promise<void> {
  const { runner, close } = await openEngine(settings, logger);
  const signalled = stopSignal();
  await runner.start();
  settleDownLater();
  logger.info('running tasks', { ...shown(settings.place), runner: runner.id });
  logger.info('stopping', { why: await signalled });
  try {
    await runner.stop({ graceMs: GRACE_MS });
  } finally {
    await close();
  }
}

function shown(place: SharedPlace) {
  return place.kind === 'sqlite'
    ? { data_dir: place.dataDir }
    : { database: withoutPassword(place.url) };
}
