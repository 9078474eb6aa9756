/**
 * Runs in a package before it is packed: leaves in dist what the build makes of the sources that there
 * are, and fails when some of that is missing. Neither the compiler nor the cache of builds removes what
 * they once made of a source that is gone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function sources() {
  const { status, stdout, stderr, error } = spawnSync(
    'tsc',
    ['-p', 'tsconfig.build.json', '--listFilesOnly'],
    { encoding: 'utf8', shell: process.platform === 'win32' },
  );
  if (status !== 0) fail(`tsc failed: ${error?.message ?? stdout + stderr}`);
  const files = stdout.split(/\r?\n/).map((file) => relative('src', resolve(file)));
  return files.filter((file) => file !== '' && !file.startsWith('..'));
}

const ofBuild = new Set(
  sources().flatMap((source) =>
    ['.js', '.js.map', '.d.ts'].map((ending) => source.replace(/\.ts$/, ending)),
  ),
);

for (const file of ofBuild) {
  if (existsSync(join('dist', file))) continue;
  fail(`dist/${file} is missing: run "npm run build" at the root first`);
}

for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (entry.isFile() && !ofBuild.has(relative('dist', file))) rmSync(file, { force: true });
}
