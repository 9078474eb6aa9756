import { userInfo } from 'node:os';
import { retentionMs, settleDownLater, stopSignal } from '@tasked/app-kit';
import type { Engine } from '@tasked/app-kit/engine';
import { encodeOwner, type Logger } from '@tasked/core';
import { serveTaskedStdio } from '@tasked/server/stdio';
import { afterClient } from './after-client.ts';
import type { ServeSettings } from './settings.ts';

/** How long tasks may go on when the client is gone: clients wait for about two seconds. */
const GRACE_MS = 1_500;

/** On stdio there is one user: whoever started the process, on whichever machine. */
const OWNER = encodeOwner({ principal: `local:${process.getuid?.() ?? userInfo().username}` });

/** Serves one client on stdin and stdout, and runs tasks, until the client goes away or a signal comes. */
export async function serve(
  settings: ServeSettings,
  logger: Logger,
  version: string,
): Promise<void> {
  const signalled = stopSignal();
  const { promise: opening, resolve: opened } = Promise.withResolvers<Engine>();
  const stdio = serveTaskedStdio({
    flows: opening.then(({ flows }) => flows),
    logs: opening.then(({ logs }) => logs),
    owner: OWNER,
    afterClient: async () => {
      const { store, runner } = await opening;
      return await afterClient(settings, store, runner.id);
    },
    tasks: { retentionMs: retentionMs(settings.retainHours) },
    logger,
    version,
  });
  // A client waits for the tools before it does anything; opening the engine takes as long again as all before.
  await stdio.introduced;
  const { openEngine } = await import('./engine.ts');
  opened(openEngine(settings, logger));
  const { runner, close } = await opening;
  await runner.start();
  settleDownLater();
  const why = await Promise.race([stdio.ended.then(() => 'the client has closed'), signalled]);
  logger.info('stopping', { why });
  try {
    await Promise.all([stdio.close(), runner.stop({ graceMs: GRACE_MS })]);
  } finally {
    await close();
  }
}
