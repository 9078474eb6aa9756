import { readFileSync } from 'node:fs';
import { runToExit, stderrLogger } from '@tasked/app-kit';
import { readCommandLine } from './command-line.ts';
import type { Request } from './settings.ts';

/**
 * Runs the command line to its end and exits: 0 after a graceful stop, 1 when it cannot go on or the doctor
 * finds that it could not.
 */
export async function main(args: readonly string[]): Promise<void> {
  const version = readVersion();
  const request = readCommandLine(args, version);
  await runToExit('tasked-stdio', () => run(request, version));
}

/** Loads only what the command needs; false when its answer is no. */
async function run(request: Request, version: string): Promise<boolean> {
  switch (request.kind) {
    case 'serve': {
      const { serve } = await import('./serve.ts');
      await serve(request, stderrLogger(request.logLevel), version);
      return true;
    }
    case 'work': {
      const { work } = await import('./work.ts');
      await work(request, stderrLogger(request.logLevel));
      return true;
    }
    case 'config': {
      const { printConfig } = await import('./print-config.ts');
      printConfig(request);
      return true;
    }
    case 'doctor': {
      const { doctor } = await import('./doctor/doctor.ts');
      return await doctor(request);
    }
  }
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
