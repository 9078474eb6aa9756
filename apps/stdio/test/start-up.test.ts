import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { HANDSHAKE, TaskedProcess } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';

/** Runs a command line that must fail, and returns the one line that it says. */
async function refusal(
  args: readonly string[],
  options: { readonly nodeArgs?: readonly string[] } = {},
): Promise<string> {
  const server = new TaskedProcess(args, options);
  expect(await server.exit()).toEqual({ code: 1, signal: null });
  expect(server.stdout).toBe('');
  expect(server.stderr).toMatch(/^tasked-stdio: .+\n$/);
  return server.stderr.slice('tasked-stdio: '.length, -1);
}

async function output(args: readonly string[]): Promise<string> {
  const server = new TaskedProcess(args);
  expect(await server.exit()).toEqual({ code: 0, signal: null });
  expect(server.stderr).toBe('');
  return server.stdout;
}

/** Root may write wherever a mode forbids it, but not make a directory of the kernel's. */
function unwritableDirectory(): string {
  if (process.getuid?.() === 0) return '/sys/tasked-e2e';
  const dir = tempDir();
  chmodSync(dir, 0o500);
  return dir;
}

describe('starting up', () => {
  it('keeps what has ended for an hour at least', async () => {
    const args = ['--data-dir', tempDir(), '--retain-hours', '0'];
    expect(await refusal(args)).toMatch(/--retain-hours.*from 1 to 1000000.*kept for an hour/);
  });

  it.each([['serve'], ['worker']])(
    'refuses bad data directories with one clear line (%s)',
    async (command) => {
      const args = command === 'worker' ? ['worker'] : [];
      const dir = tempDir();
      const file = join(dir, 'file');
      writeFileSync(file, 'mine');
      expect(await refusal([...args, '--data-dir', file])).toContain(file);
      expect(await refusal([...args, '--data-dir', join(file, 'below')])).toContain(file);
      expect(readFileSync(file, 'utf8')).toBe('mine');
    },
  );

  it('refuses a database that is none', async () => {
    const dir = tempDir();
    const database = join(dir, 'tasked.sqlite');
    writeFileSync(database, 'not a database at all, but long enough to look at');
    expect(await refusal(['--data-dir', dir])).toContain(database);
    expect(readFileSync(database, 'utf8')).toMatch(/^not a database/);
  });

  it('refuses a database of another program and one of a newer version', async () => {
    const foreign = tempDir();
    const other = new BetterSqlite3(join(foreign, 'tasked.sqlite'));
    other.exec('create table theirs (x)');
    other.close();
    expect(await refusal(['--data-dir', foreign])).toContain('another program');
    const newer = tempDir();
    const server = new TaskedProcess(['--data-dir', newer]);
    server.send(...HANDSHAKE);
    await server.answer(0);
    server.child.stdin.end();
    await server.exit();
    const ours = new BetterSqlite3(join(newer, 'tasked.sqlite'));
    ours.pragma('user_version = 999');
    ours.close();
    expect(await refusal(['--data-dir', newer])).toContain('newer version');
  });

  it('refuses a directory that it may not write', async () => {
    expect(await refusal(['--data-dir', unwritableDirectory()])).toContain('cannot be written');
  });

  it.each([
    [['--dta-dir', 'x'], 'unknown option', '--data-dir'],
    [['--store', 'redis'], 'sqlite', 'memory'],
    [['--concurrency', 'many'], '--concurrency', 'whole number'],
    [['--concurrency', '0'], '--concurrency', 'whole number'],
    [['--log-level', 'loud'], 'debug', 'warn'],
    [['--pass-env', 'A=b'], '--pass-env', 'name of a variable'],
    [['--data-dir'], '--data-dir', 'argument missing'],
    [['--data-dir', ''], '--data-dir', 'path of a directory'],
    [['wroker'], 'wroker', 'worker'],
    [['worker', 'more'], 'more', 'worker'],
    [['worker', '--store', 'memory'], 'worker', 'sqlite'],
    [['worker', '--queues', 'a,,b'], '--queues', 'names of queues'],
    [['--queues', 'a'], 'unknown option', '--queues'],
    [['config'], 'missing', 'client'],
    [['config', 'emacs'], 'emacs', 'claude-code'],
    [['config', 'cursor', 'more'], 'more', 'config'],
    [['config', 'cursor', '--name', 'a b'], '--name', 'letters'],
    [['doctor', '--store', 'memory'], 'doctor', 'sqlite'],
    [['doctor', 'data'], 'data', 'doctor'],
  ])('refuses %o', async (args, ...words) => {
    const line = await refusal(args);
    for (const word of words) expect(line).toContain(word);
  });

  it('prints its version and its help, and leaves no data directory behind', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(await output(['--version'])).toBe(`${version}\n`);
    const help = await output(['--help']);
    for (const word of ['--data-dir', '--store', '--pass-env', 'worker', 'config', 'doctor']) {
      expect(help).toContain(word);
    }
    const workerHelp = await output(['worker', '--help']);
    for (const word of ['--data-dir', '--queues', '--name']) expect(workerHelp).toContain(word);
  });

  it('makes its data directory for this user alone', async () => {
    const dir = tempDir();
    const dataDir = join(dir, 'deep', 'data');
    const server = new TaskedProcess(['--data-dir', dataDir]);
    server.send(...HANDSHAKE);
    await server.answer(0);
    server.child.stdin.end();
    await server.exit();
    expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(['.gitignore', 'tasked.sqlite']));
  });

  it.each(['20.19.0', '22.17.1', '18.0.0'])(
    'refuses Node %s before it loads anything, and says what to do',
    async (version) => {
      const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
      const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
      const line = await refusal([], { nodeArgs });
      expect(line).toContain('22.18');
      expect(line).toContain(version);
      expect(line).toContain('npx -p node@24');
    },
  );
});
