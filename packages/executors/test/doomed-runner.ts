/** A process that runs shell attempts until it is killed. Arguments: which tracking, state directory, attempts as JSON. */
import type { AttemptRef, JsonObject } from '@tasked/core';
import { createShellExecutor } from '../src/shell-executor.ts';
import { TestAttempt } from './attempt.ts';
import { TRACKINGS } from './trackings.ts';

const [name, stateDir = '', attempts = '[]'] = process.argv.slice(2);
const track = TRACKINGS.find(([known]) => known === name)?.[1];
if (track === undefined) throw new Error(`no tracking ${name}`);
const shell = createShellExecutor({}, track(stateDir), process.platform);

for (const { ref, config } of JSON.parse(attempts) as { ref: AttemptRef; config: JsonObject }[]) {
  const attempt = new TestAttempt(config, { ref });
  void shell.run(attempt);
  const [, pid] = await attempt.printed(/pid=(\d+)\./);
  process.stdout.write(`${pid}\n`);
}
process.stdout.write('ready\n');
