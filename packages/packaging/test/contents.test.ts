import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { DECIDED_EXPORTS } from './decided-exports.ts';
import { declaredExports } from './support/declared-exports.ts';
import { packed } from './support/packed.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { UnpackedPackage } from './support/unpacked-package.ts';

/** The steps of the schemas. */
const MIGRATIONS = [
  'migrations/postgres/0000_flows.sql',
  'migrations/postgres/0001_states.sql',
  'migrations/postgres/0002_propagation.sql',
  'migrations/postgres/0003_flows.sql',
  'migrations/postgres/0004_readiness.sql',
  'migrations/postgres/0005_inputs.sql',
  'migrations/postgres/0006_runners.sql',
  'migrations/postgres/0007_settling.sql',
  'migrations/postgres/0008_claiming.sql',
  'migrations/postgres/0009_advance.sql',
  'migrations/postgres/0010_logs.sql',
  'migrations/postgres/0011_pruning.sql',
  'migrations/postgres/0012_tasks.sql',
  'migrations/postgres/0013_rehearsal.sql',
  'migrations/sqlite/0000_flows.sql',
  'migrations/sqlite/0001_tasks.sql',
] as const;

/** What each package holds beside its build. */
const PACKAGES = {
  '@tasked/app-kit': [],
  '@tasked/core': [],
  '@tasked/dag-engine': [],
  '@tasked/executors': [],
  '@tasked/http': ['bin/tasked-http.js'],
  '@tasked/sdk-v1': [],
  '@tasked/server': [],
  '@tasked/stdio': ['bin/tasked-stdio.js', 'THIRD-PARTY-LICENSES', ...MIGRATIONS],
  '@tasked/store-drizzle': MIGRATIONS,
  '@tasked/store-memory': [],
  '@tasked/store-testkit': [],
} as const;

const NAMES = Object.keys(PACKAGES) as readonly (keyof typeof PACKAGES)[];

const unpacked = new Map<string, UnpackedPackage>();

beforeAll(async () => {
  const folder = temporaryFolder();
  for (const [name, file] of packed()) {
    const target = join(folder, name);
    mkdirSync(target, { recursive: true });
    await execa('tar', ['-xzf', file, '-C', target, '--strip-components=1']);
    unpacked.set(name, new UnpackedPackage(target));
  }
});

function contentsOf(name: string): UnpackedPackage {
  const contents = unpacked.get(name);
  if (contents === undefined) throw new Error(`${name} is not published`);
  return contents;
}

it('these packages are published, and no others', () => {
  expect([...unpacked.keys()].sort()).toEqual(NAMES);
});

it('the program holds the licence of every package that is bundled into it', () => {
  const program = contentsOf('@tasked/stdio');
  const sources = program.files
    .filter((file) => file.endsWith('.map'))
    .flatMap((map) => (JSON.parse(program.read(map)) as { sources: string[] }).sources);
  const bundled = new Set(
    sources.flatMap((source) => /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []),
  );
  const licenses = program.read('THIRD-PARTY-LICENSES');
  expect([...bundled].filter((name) => !licenses.includes(`${name} `))).toEqual([]);
  expect(bundled).toContain('zod');
});

describe.each(NAMES)('%s', (name) => {
  it('holds its build, a README, the licence and nothing that its users do not need', () => {
    const { files } = contentsOf(name);
    const others = files.filter((file) => !file.startsWith('dist/'));
    expect(others.sort()).toEqual(
      ['LICENSE', 'README.md', 'package.json', ...PACKAGES[name]].sort(),
    );
    const build = files.filter((file) => file.startsWith('dist/'));
    expect(build.filter((file) => !/\.(js|js\.map|d\.ts)$/.test(file))).toEqual([]);
    expect(build.filter((file) => /\.test\.|fixture|support/.test(file))).toEqual([]);
  });

  it('shows its sources to debuggers without having them as files', () => {
    const contents = contentsOf(name);
    const maps = contents.files.filter((file) => file.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(0);
    for (const map of maps) {
      const { sourcesContent } = JSON.parse(contents.read(map)) as { sourcesContent?: string[] };
      expect(sourcesContent?.[0], map).toBeTruthy();
    }
  });

  it('depends on released versions, and on the same release of its siblings', () => {
    const { version, dependencies = {}, ...others } = contentsOf(name).manifest;
    expect(JSON.stringify([dependencies, others])).not.toMatch(/workspace:|catalog:|link:|file:/);
    for (const [dependency, range] of Object.entries(dependencies)) {
      if (dependency in PACKAGES) expect(range, dependency).toBe(`^${version}`);
    }
  });

  it('tells what it is, and leads to its build alone', () => {
    const { manifest, files } = contentsOf(name);
    expect(manifest).toMatchObject({
      type: 'module',
      license: 'MIT',
      description: expect.stringMatching(/^[A-Z].{20,120}$/),
      keywords: expect.arrayContaining(['tasked']),
      engines: { node: '>=22.18' },
      publishConfig: { access: 'public' },
    });
    const { './package.json': itself, ...entries } = manifest.exports;
    expect(itself).toBe('./package.json');
    for (const [path, entry] of Object.entries(entries)) {
      expect(Object.keys(entry), path).toEqual(['types', 'default']);
    }
    const targets = Object.values(entries).flatMap((entry) => Object.values(entry));
    for (const target of [...targets, ...Object.values(manifest.bin ?? {})]) {
      expect(files).toContain(target.replace('./', ''));
    }
  });

  it('says in its README how to install it', () => {
    const readme = contentsOf(name).read('README.md');
    expect(readme).toMatch(new RegExp(`^# ${name}\n\n\\S`));
    expect(readme).toMatch(new RegExp(`npm install .*${name}`));
    expect(readme.match(/\]\((?!https:|#)[^)]*\)/g) ?? [], 'links that lead nowhere').toEqual([]);
  });

  it('exports what was decided, by name', () => {
    const contents = contentsOf(name);
    const exported: Record<string, readonly string[]> = {};
    for (const [path, entry] of Object.entries(contents.manifest.exports)) {
      if (typeof entry === 'string') continue;
      exported[join(name, path)] = [...declaredExports(contents.read(entry.types))].sort();
    }
    const decided = Object.entries(DECIDED_EXPORTS).filter(([entry]) =>
      `${entry}/`.startsWith(`${name}/`),
    );
    expect(exported, 'decide in decided-exports.ts').toEqual(Object.fromEntries(decided));
  });
});
