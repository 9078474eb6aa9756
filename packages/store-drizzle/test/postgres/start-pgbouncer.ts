import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@tasked/test-postgres';
import { findPgbouncer } from './find-pgbouncer.ts';

/** How long it may take to begin. */
const START_MS = 10_000;

/** A pooler that is running, and its end. */
export interface StartedPgbouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a PgBouncer in transaction mode before a server. Connections of the server take turns, so that two
 * transactions of one client hardly ever meet the same one. Rejects when it cannot run here.
 */
export async function startPgbouncer(serverUrl: string): Promise<StartedPgbouncer> {
  const { command, env } = findPgbouncer();
  const folder = mkdtempSync(join(tmpdir(), 'tasked-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const server = new URL(serverUrl);
  writeFileSync(file, configuration(server, port));
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(command, ['-q', ...user, file], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const stop = async () => {
    const exit = child.exitCode === null ? once(child, 'exit') : null;
    child.kill('SIGINT');
    await exit;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + START_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`PgBouncer does not run: ${said}`);
    }
    await sleep(20);
  }
  return { url: `postgres://${server.username}@127.0.0.1:${port}${server.pathname}`, stop };
}

function configuration(server: URL, port: number): string {
  const { hostname, username, password } = server;
  return `[databases]
* = host=${hostname} port=${server.port || 5432} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
server_round_robin = 1
default_pool_size = 8
min_pool_size = 4
`;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
