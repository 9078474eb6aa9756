import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { FIXTURE } from '../conformance/start-fixture.ts';
import type { Said } from './recorded-transport.ts';

// The fixture server on stdio, which writes down what is said: node recording-server.ts <file> <its arguments>.
const [journal = '', ...args] = process.argv.slice(2);

const server = spawn(process.execPath, [...FIXTURE, '--stdio', ...args], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
passOn('client', process.stdin, server.stdin);
passOn('server', server.stdout, process.stdout);
server.once('exit', () => process.exit());

function passOn(by: Said['by'], from: Readable, to: Writable): void {
  const lines = createInterface({ input: from });
  lines.on('line', (line) => {
    appendFileSync(
      journal,
      `${JSON.stringify({ by, message: JSON.parse(line) } satisfies Said)}\n`,
    );
    to.write(`${line}\n`);
  });
  lines.on('close', () => to.end());
}
