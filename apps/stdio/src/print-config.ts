import { resolve } from 'node:path';
import { clientConfig, SCRIPT, whereItBelongs } from './client-config.ts';
import type { ConfigSettings } from './settings.ts';

/** Prints a client's configuration on stdout, and on stderr where it belongs. */
export function printConfig(settings: ConfigSettings): void {
  const entry = { command: process.execPath, args: [SCRIPT, ...serverArgs(settings)] };
  const config = clientConfig(settings.client, settings.name, entry);
  process.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
  process.stderr.write(`tasked-stdio: ${whereItBelongs(settings.client)}\n`);
}

/** The arguments with which the server does what the command line asks for, wherever it is started. */
function serverArgs({ server }: ConfigSettings): readonly string[] {
  const { store, dataDir, concurrency, passEnv, logLevel } = server;
  return [
    ...(store === 'memory' ? ['--store', 'memory'] : ['--data-dir', resolve(dataDir)]),
    ...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
    ...passEnv.flatMap((name) => ['--pass-env', name]),
    ...(logLevel === 'info' ? [] : ['--log-level', logLevel]),
  ];
}
