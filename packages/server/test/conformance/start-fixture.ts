import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCE } from '../from-source.ts';

const program = fileURLToPath(new URL('server.ts', import.meta.url));

/** What Node is started with to be the fixture server. */
export const FIXTURE: readonly string[] = [...FROM_SOURCE, program];

/** A fixture server in a process of its own. */
export interface StartedFixture {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Starts the fixture server and waits until it says where it is. */
export async function startFixture(...args: readonly string[]): Promise<StartedFixture> {
  const started = spawn(process.execPath, [...FIXTURE, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([
    once(started.stdout, 'data'),
    once(started, 'exit').then(([code]) => {
      throw new Error(`the fixture server ended with ${code}`);
    }),
  ])) as [Buffer];
  return { url: line.toString().trim(), process: started };
}
