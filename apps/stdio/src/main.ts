import { readFileSync } from 'node:fs';
import { readCommandLine } from './command-line.ts';
import type { Settings } from './settings.ts';
import { stderrLogger } from './stderr-logger.ts';

/** Runs the command line to its end and exits: 0 after a graceful stop, 1 when it cannot go on. */
export async function main(args: readonly string[]): Promise<void> {
  // Who reads our log may go away before us.
  process.stderr.on('error', () => {});
  const version = readVersion();
  const settings = readCommandLine(args, version);
  try {
    await run(settings, version);
  } catch (error) {
    process.stderr.write(`tasked-stdio: ${firstLine(error)}\n`);
    process.exit(1);
  }
  process.exit(0);
}

/** Loads only what the command needs. */
async function run(settings: Settings, version: string): Promise<void> {
  const logger = stderrLogger(settings.logLevel);
  if (settings.kind === 'work') {
    const { work } = await import('./work.ts');
    await work(settings, logger);
  } else {
    const { serve } = await import('./serve.ts');
    await serve(settings, logger, version);
  }
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}
