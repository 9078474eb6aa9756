/**
 * A first flow, as an agent submits it: start the server, submit, watch, kill the server half way, start it
 * again on the same data, and read the report all the same.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { openScreen } from './screen.ts';
import { tellStory } from './story.ts';

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Not `once`: what restores the cursor would then take itself for the only listener, and end the process.
  process.on(name, () => {
    process.exitCode = 128 + constants.signals[name];
    interrupted.abort();
  });
}
// Whoever reads what is printed has gone away.
process.stdout.on('error', () => interrupted.abort());

const example = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tasked-demo-'));
const screen = openScreen(process.stdout);
try {
  const stage = { example, folder, screen, signal: interrupted.signal };
  const { report, reruns } = await tellStory(stage).finally(() => screen.close());
  console.log(`\n${report}\n${pc.bold(reruns)}`);
} catch (error) {
  process.exitCode ||= 1;
  const message = error instanceof Error ? error.message : String(error);
  console.error(
    interrupted.signal.aborted ? 'Interrupted.' : pc.red(`The demo failed: ${message}`),
  );
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
