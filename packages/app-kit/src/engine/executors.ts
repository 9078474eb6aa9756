import { join, resolve } from 'node:path';
import type { Executor } from '@tasked/core';
import { forbiddenExecutor } from './forbidden-executor.ts';
import type { Place } from './place.ts';

/** What tasks may do on this machine. */
export interface Permissions {
  /** False: shell tasks are neither taken nor run. */
  readonly shell: boolean;
  /** False: http tasks reach public addresses only. */
  readonly privateNetwork: boolean;
  /** Variables of our environment that tasks get to see. */
  readonly passEnv: readonly string[];
}

/** What executors are made of. */
export interface ExecutorOptions {
  readonly place: Place;
  readonly permissions: Permissions;
  /** How long a command that has to stop is given from SIGTERM to SIGKILL. */
  readonly shellGraceMs: number;
}

/** What the executors are for here. */
export interface Executors {
  /** Submitted tasks may name them; some only to be told that they are not allowed. */
  readonly known: readonly Executor[];
  readonly running: readonly Executor[];
  /** They end what a dead runner left behind, and run nothing. */
  readonly reclaiming: readonly Executor[];
}

/** Loads the executors. */
export async function loadExecutors(options: ExecutorOptions): Promise<Executors> {
  const { httpExecutor, noopExecutor, shellExecutor } = await import('@tasked/executors');
  const { place, permissions, shellGraceMs } = options;
  const others = [
    httpExecutor({ privateNetwork: permissions.privateNetwork ? 'allowed' : 'refused' }),
    noopExecutor(),
  ];
  const { passEnv } = permissions;
  const shell = shellExecutor({ passEnv, graceMs: shellGraceMs, ...stateDirOf(place) });
  if (permissions.shell) {
    const all = [shell, ...others];
    return { known: all, running: all, reclaiming: [] };
  }
  const refused = forbiddenExecutor('shell', 'its operator can start it with --allow shell');
  return { known: [refused, ...others], running: others, reclaiming: [shell] };
}

function stateDirOf(place: Place) {
  return place.kind === 'memory' ? {} : { stateDir: join(resolve(place.dataDir), 'processes') };
}
