import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIN } from './support/bin.ts';
import { tempDir } from './support/temp-dir.ts';

function config(args: readonly string[], cwd = tempDir()) {
  const run = spawnSync(process.execPath, [BIN, 'config', ...args], { cwd, encoding: 'utf8' });
  expect(run.status, run.stderr).toBe(0);
  return { json: JSON.parse(run.stdout), hint: run.stderr };
}

describe('tasked-stdio config', () => {
  it('keeps the password of a database out of the file, and says where it belongs', () => {
    const cwd = tempDir();
    const url = 'postgres://me:secret@host/db';
    const { json, hint } = config(['cursor', '--database-url', url], cwd);
    expect(json.mcpServers.tasked.args).toEqual([
      ...[BIN, '--database-url', 'postgres://me@host/db'],
      ...['--data-dir', join(cwd, 'tasked-data')],
    ]);
    expect(hint).toMatch(/\n.*PGPASSWORD in "env".*\n$/);
    expect(hint).not.toContain('secret');
  });

  it('names the server behind a pooler, without its password too', () => {
    const cwd = tempDir();
    const urls = ['--database-url', 'postgres://me@pooler/db'];
    const session = ['--session-url', 'postgres://me:secret@host/db'];
    const { json, hint } = config(['cursor', ...urls, ...session], cwd);
    expect(json.mcpServers.tasked.args).toEqual([
      ...[BIN, '--database-url', 'postgres://me@pooler/db'],
      ...['--session-url', 'postgres://me@host/db', '--data-dir', join(cwd, 'tasked-data')],
    ]);
    expect(hint).toMatch(/PGPASSWORD in "env"/);
    expect(hint).not.toContain('secret');
  });

  it('names this Node, this program and a data directory by their whole paths', () => {
    const cwd = tempDir();
    const { json, hint } = config(['claude-code'], cwd);
    expect(json).toEqual({
      mcpServers: {
        tasked: {
          type: 'stdio',
          command: process.execPath,
          args: [BIN, '--data-dir', join(cwd, 'tasked-data')],
        },
      },
    });
    expect(hint).toMatch(/^tasked-stdio: put this into \.mcp\.json [^\n]+\n$/);
    expect(existsSync(join(cwd, 'tasked-data'))).toBe(false);
  });

  it('passes on the options of the server', () => {
    const options = [
      '--data-dir',
      '/data',
      '--concurrency',
      '4',
      '--retain-hours',
      '24',
      '--pass-env',
      'CI',
    ];
    const { json } = config(['vscode', '--name', 'builds', ...options, '--log-level', 'warn']);
    expect(json.servers.builds.args.slice(1)).toEqual([...options, '--log-level', 'warn']);
    const { args } = config(['cursor', '--store', 'memory']).json.mcpServers.tasked;
    expect(args.slice(1)).toEqual(['--store', 'memory']);
  });

  it('writes what a client can start', async () => {
    const { json } = config(['claude-desktop', '--data-dir', tempDir()]);
    const client = new Client({ name: 'configured', version: '1' });
    onTestFinished(() => client.close());
    await client.connect(new StdioClientTransport({ ...json.mcpServers.tasked, stderr: 'ignore' }));
    expect((await client.listTools()).tools).toHaveLength(6);
  });
});
