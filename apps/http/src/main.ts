import { readFileSync } from 'node:fs';
import { runToExit, stderrLogger } from '@tasked/app-kit';
import { readCommandLine } from './command-line.ts';

/** Runs the command line to its end and exits: 0 when all went well, 1 when it cannot go on. */
export async function main(args: readonly string[]): Promise<void> {
  const version = readVersion();
  const request = readCommandLine(args, version);
  await runToExit('tasked-http', async () => {
    if (request.kind === 'keys') {
      const { runKeysCommand } = await import('./keys/keys-command.ts');
      await runKeysCommand(request);
    } else {
      const { serve } = await import('./serve.ts');
      await serve(request, stderrLogger(request.logLevel), version);
    }
    return true;
  });
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
