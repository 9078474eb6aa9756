import { retentionMs, settleDownLater, stopSignal } from '@tasked/app-kit';
import { type Engine, openEngine } from '@tasked/app-kit/engine';
import type { Logger } from '@tasked/core';
import { createTaskedHttp } from '@tasked/server';
import { authenticationOf } from './authentication/authentication-of.ts';
import { isHealthy } from './is-healthy.ts';
import type { KeyStore } from './keys/key-store.ts';
import { openKeyStore } from './keys/open-key-store.ts';
import type { ServeSettings } from './settings.ts';
import { listen } from './web/listen.ts';
import { webApp } from './web/web-app.ts';
import { withoutRunner } from './without-runner.ts';

/** How long tasks may go on once the server is told to stop, and their commands after that. */
const GRACE_MS = 5_000;
const SHELL_GRACE_MS = 4_000;

/** How long what clients have asked may take to be answered then. */
const DRAIN_MS = 5_000;

/** Serves clients, and runs tasks, until a signal comes. */
export async function serve(
  settings: ServeSettings,
  logger: Logger,
  version: string,
): Promise<void> {
  const signalled = stopSignal();
  const keys = await openKeyStore(settings);
  try {
    const authenticate = await authenticationOf(settings, keys, Date.now());
    const engine = await openEngine(engineOptions(settings), logger);
    try {
      await serveEngine(engine, { settings, keys, authenticate, logger, version, signalled });
    } finally {
      await engine.close();
    }
  } finally {
    await keys.close();
  }
}

interface Serving {
  readonly settings: ServeSettings;
  readonly keys: KeyStore;
  readonly authenticate: Awaited<ReturnType<typeof authenticationOf>>;
  readonly logger: Logger;
  readonly version: string;
  readonly signalled: Promise<NodeJS.Signals>;
}

async function serveEngine(engine: Engine, serving: Serving): Promise<void> {
  const { settings, keys, authenticate, logger, version, signalled } = serving;
  const { flows, logs, store, runner, executors } = engine;
  const open = (await keys.list()).length === 0;
  const tasks = {
    secret: await keys.secret(),
    retentionMs: retentionMs(settings.retainHours),
  };
  const afterClient = () => withoutRunner(settings, store, runner.id);
  const mcp = createTaskedHttp({
    flows,
    logs,
    executors,
    afterClient,
    logger,
    version,
    tasks,
    ...(settings.maxHeldCalls === undefined ? {} : { maxHeldCalls: settings.maxHeldCalls }),
  });
  const app = webApp({
    mcp,
    authenticate,
    allowedHosts: settings.allowedHosts,
    isHealthy: () => isHealthy(store),
    version,
    logger,
  });
  const listening = await listen({ fetch: app.fetch, host: settings.host, port: settings.port });
  try {
    if (settings.runner) await runner.start();
    settleDownLater();
    const who = open ? ' to everybody on this machine, as there is no key yet' : '';
    process.stderr.write(`tasked-http: serving MCP at ${listening.url}/mcp${who}\n`);
    logger.info('stopping', { why: await signalled });
  } finally {
    mcp.release();
    await Promise.all([listening.close(DRAIN_MS), runner.stop({ graceMs: GRACE_MS })]);
    await mcp.close();
  }
}

function engineOptions(settings: ServeSettings) {
  const { dataDir, databaseUrl: url, sessionUrl, passEnv, concurrency, retainHours } = settings;
  return {
    place:
      url === undefined
        ? ({ kind: 'sqlite', dataDir } as const)
        : ({ kind: 'postgres', url, sessionUrl, dataDir } as const),
    permissions: {
      shell: settings.allowShell,
      privateNetwork: settings.allowPrivateNetwork,
      passEnv,
    },
    shellGraceMs: SHELL_GRACE_MS,
    concurrency,
    retentionMs: retentionMs(retainHours),
  };
}
