import { resolve } from 'node:path';
import { withoutPassword } from '@tasked/app-kit';
import type { Place } from '@tasked/app-kit/engine';
import { clientConfig, SCRIPT, whereItBelongs } from './client-config.ts';
import type { ConfigSettings } from './settings.ts';

/** Prints a client's configuration on stdout, and on stderr where it belongs. */
export function printConfig(settings: ConfigSettings): void {
  const entry = { command: process.execPath, args: [SCRIPT, ...serverArgs(settings)] };
  const config = clientConfig(settings.client, settings.name, entry);
  process.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
  const lines = [whereItBelongs(settings.client), ...passwordAdvice(settings.server.place)];
  for (const line of lines) process.stderr.write(`tasked-stdio: ${line}\n`);
}

/** The arguments with which the server does what the command line asks for, wherever it is started. */
function serverArgs({ server }: ConfigSettings): readonly string[] {
  const { place, concurrency, retainHours, passEnv, logLevel } = server;
  return [
    ...placeArgs(place),
    ...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
    ...(retainHours === undefined ? [] : ['--retain-hours', String(retainHours)]),
    ...passEnv.flatMap((name) => ['--pass-env', name]),
    ...(logLevel === 'info' ? [] : ['--log-level', logLevel]),
  ];
}

function placeArgs(place: Place): readonly string[] {
  switch (place.kind) {
    case 'memory':
      return ['--store', 'memory'];
    case 'sqlite':
      return ['--data-dir', resolve(place.dataDir)];
    case 'postgres':
      return [
        ...['--database-url', withoutPassword(place.url)],
        ...(place.sessionUrl === undefined
          ? []
          : ['--session-url', withoutPassword(place.sessionUrl)]),
        ...['--data-dir', resolve(place.dataDir)],
      ];
  }
}

/** A password does not belong into a file that may be shared, nor into arguments that all users of a machine see. */
function passwordAdvice(place: Place): readonly string[] {
  if (place.kind !== 'postgres') return [];
  const urls = [place.url, place.sessionUrl].filter((url) => url !== undefined);
  if (urls.every((url) => withoutPassword(url) === new URL(url).href)) return [];
  return [
    'the password of the database is left out: give it as PGPASSWORD in "env" of this server',
  ];
}
