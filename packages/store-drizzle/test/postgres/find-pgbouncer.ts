import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How PgBouncer is run. */
export interface Pgbouncer {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

const TOOLS = fileURLToPath(new URL('../../../../.tools/', import.meta.url));
const FETCHED = join(TOOLS, 'pgbouncer');

/**
 * PgBouncer as it is installed, or else as Debian's packages have it, unpacked into .tools/ without any rights.
 * Throws when neither is to be had.
 */
export function findPgbouncer(): Pgbouncer {
  for (const folder of [...(process.env.PATH ?? '').split(':'), '/usr/sbin']) {
    const command = join(folder, 'pgbouncer');
    if (existsSync(command)) return { command, env: process.env };
  }
  if (!existsSync(FETCHED)) fetchPgbouncer();
  return fetched(FETCHED);
}

function fetched(folder: string): Pgbouncer {
  const libraries = globSync(['usr/lib/*-linux-*', 'lib/*-linux-*'], { cwd: folder });
  const path = libraries.map((library) => join(folder, library)).join(':');
  return {
    command: join(folder, 'usr/sbin/pgbouncer'),
    env: { ...process.env, LD_LIBRARY_PATH: path },
  };
}

function fetchPgbouncer(): void {
  mkdirSync(TOOLS, { recursive: true });
  const unfinished = mkdtempSync(join(TOOLS, 'pgbouncer-'));
  try {
    const archive = download(unfinished, 'pgbouncer');
    const depends = run('dpkg-deb', ['-f', archive, 'Depends'], unfinished);
    if (lacksLibraries(unfinished)) {
      for (const [name] of depends.matchAll(/\blib[a-z0-9.+-]+/g)) {
        if (!isInstalled(name)) download(unfinished, name);
      }
    }
    run(fetched(unfinished).command, ['--version'], unfinished);
    rmSync(FETCHED, { recursive: true, force: true });
    renameSync(unfinished, FETCHED);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (existsSync(FETCHED)) return;
    const cause = `PgBouncer is neither installed nor to be had from Debian: apt-get install pgbouncer`;
    throw new Error(cause, { cause: error });
  }
}

/** Downloads a package of Debian into a folder and unpacks it there. */
function download(folder: string, name: string): string {
  // Lists of its own, because a machine may have none and nobody may write its own.
  const lists = join(folder, 'apt/lists');
  const options = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${join(folder, 'apt')}`];
  try {
    run('apt-get', ['download', name], folder);
  } catch {
    if (!existsSync(lists)) {
      mkdirSync(join(lists, 'partial'), { recursive: true });
      mkdirSync(join(folder, 'apt/archives/partial'), { recursive: true });
      run('apt-get', [...options, 'update'], folder);
    }
    run('apt-get', [...options, 'download', name], folder);
  }
  const [archive] = globSync(`${name}_*.deb`, { cwd: folder });
  if (archive === undefined) throw new Error(`${name} was not downloaded`);
  run('dpkg', ['-x', archive, '.'], folder);
  return archive;
}

function lacksLibraries(folder: string): boolean {
  return run('ldd', [fetched(folder).command], folder).includes('not found');
}

function isInstalled(name: string): boolean {
  try {
    return run('dpkg-query', ['-W', '-f', '${Status}', name], TOOLS).includes('ok installed');
  } catch {
    return false;
  }
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { env } = command.includes('pgbouncer') ? fetched(cwd) : process;
  return execFileSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
