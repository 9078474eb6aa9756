import { hidePasswords } from './database-url.ts';

/**
 * Runs a program to its end and exits: 0 when it says true, 1 when it says false or fails. Why it failed is one
 * line on stderr that begins with the program's name.
 */
export async function runToExit(program: string, run: () => Promise<boolean>): Promise<never> {
  // Who reads our log may go away before us.
  process.stderr.on('error', () => {});
  try {
    process.exit((await run()) ? 0 : 1);
  } catch (error) {
    process.stderr.write(`${program}: ${hidePasswords(firstLine(error))}\n`);
    process.exit(1);
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}
