import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/*
 * pnpm new:store <name>: makes packages/store-<name> from the template beside this file, whose store is called
 * Acme. docs/writing-a-store.md says how to go on.
 */

const TEMPLATE = join(import.meta.dirname, 'template');
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Writes the package into the repository at `root`; returns what to do next. Throws for a name that will not do. */
function newStore(name: string | undefined, root: string): string {
  if (name === undefined || !NAME.test(name)) {
    throw new Error(
      'give it a name in lower-case letters, digits and hyphens: pnpm new:store redis',
    );
  }
  const path = `packages/store-${name}`;
  const folder = join(root, path);
  if (existsSync(folder)) throw new Error(`${path} exists: choose another name`);
  const className = inPascalCase(name);
  const named = (text: string) => text.replaceAll('acme', name).replaceAll('Acme', className);
  for (const entry of readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(folder, named(relative(TEMPLATE, source)));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, named(readFileSync(source, 'utf8')));
  }
  format(folder, root);
  return `${path} is there; it type checks, and keeps no promise yet.
  1. pnpm install
  2. pnpm exec vitest run ${path} -t ${className}TaskStore
  3. write what the first failure names; docs/writing-a-store.md tells the order`;
}

/** Lines are longer or shorter with the new name, and imports may stand in another order. */
function format(folder: string, root: string): void {
  const shell = process.platform === 'win32';
  execFileSync('biome', ['check', '--write', folder], { cwd: root, shell, stdio: 'pipe' });
}

function inPascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase());
}

try {
  console.log(newStore(process.argv[2], process.cwd()));
} catch (error) {
  console.error(`new:store: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
