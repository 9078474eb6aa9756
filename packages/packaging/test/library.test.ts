import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DECIDED_EXPORTS } from './decided-exports.ts';
import { packed } from './support/packed.ts';
import { Project } from './support/project.ts';
import { UnpackedPackage } from './support/unpacked-package.ts';

/** What the examples of the READMEs print. */
const EXAMPLES = [
  ['@tasked/core', "kind: 'retry'"],
  ['@tasked/dag-engine', '84'],
  ['@tasked/executors', "kind: 'succeeded'"],
  ['@tasked/sdk-v1', 'tasks so far: 0'],
  ['@tasked/server', ''],
  ['@tasked/store-drizzle', 'pid: '],
  ['@tasked/store-memory', "runner: 'ok'"],
] as const;

const ENTRIES = Object.keys(DECIDED_EXPORTS);

const TSC = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
);

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['src'],
};

describe('a project that installs the packages', () => {
  const project = new Project();

  beforeAll(async () => {
    const files = packed().values();
    await project.install([...files, 'better-sqlite3@13', 'fast-check@4', '@types/node@24']);
    for (const [name] of EXAMPLES) project.write(fileOf(name), exampleOf(project, name));
  }, 120_000);

  it.each(EXAMPLES)('runs the example of %s', async (name, printed) => {
    expect(await project.run('node', [fileOf(name)])).toContain(printed);
  });

  it.each(ENTRIES)('gets from %s the values that its declarations name', async (entry) => {
    const print = `console.log(Object.keys(await import('${entry}')).join())`;
    const names = await project.run('node', ['--input-type=module', '--eval', print]);
    const values = DECIDED_EXPORTS[entry]?.filter((name) => !name.startsWith('type '));
    expect(names.split(',').sort()).toEqual(values);
  });

  it('type-checks the examples and every declaration, strictly', async () => {
    const imports = ENTRIES.map((entry, index) => `export * as entry${index} from '${entry}';\n`);
    project.write('src/every-entry.ts', imports.join(''));
    project.write('tsconfig.json', JSON.stringify(TSCONFIG));
    await project.run('node', [TSC, '--project', project.folder]);
  });

  it('tests a store of its own with the testkit', async () => {
    project.write(
      'test/store.test.ts',
      `import { MemoryStore } from '@tasked/store-memory';
      import { storeContract } from '@tasked/store-testkit';
      storeContract({ name: 'MemoryStore', open: async () => new MemoryStore() });`,
    );
    const report = await project.run('npx', ['vitest', 'run']);
    expect(report).toMatch(/Tests +\d{3} passed/);
  });
});

describe('a project without better-sqlite3', () => {
  const project = new Project();

  beforeAll(async () => {
    const files = packed();
    await project.install(
      ['@tasked/core', '@tasked/store-drizzle'].map((name) => files.get(name) ?? ''),
    );
  });

  it('can import the SQLite store, and is told what to install when it opens one', async () => {
    project.write(
      'open.js',
      `import { FileLogStore, openSqliteStore } from '@tasked/store-drizzle/sqlite';
      new FileLogStore({ dataDir: 'data' }).close();
      const error = await openSqliteStore({ dataDir: 'data' }).catch((error) => error);
      console.log(error.code, error.message);`,
    );
    const printed = await project.run('node', ['open.js']);
    expect(printed).toMatch(/^unsupported .*npm install better-sqlite3$/);
    expect(existsSync(join(project.folder, 'data'))).toBe(false);
  });
});

/** Where the example of a package stands in the project. */
function fileOf(name: string): string {
  return `src/${name.replace('@tasked/', '')}.ts`;
}

function exampleOf(project: Project, name: string): string {
  const { example } = new UnpackedPackage(join(project.folder, 'node_modules', name));
  if (example === undefined) throw new Error(`the README of ${name} has no example`);
  return example;
}
