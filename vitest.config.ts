import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What a package's tests need before the first of them runs, once. */
const globalSetup = (root: string) =>
  globSync('test/global-setup.ts', { cwd: root }).map((file) => join(root, file));

/** Their tests leave nothing behind in their process: files may share one, and load every module once. */
const SHARING = [
  'app-kit',
  'core',
  'dag-engine',
  'http',
  'sdk-v1',
  'server',
  'store-drizzle',
  'store-memory',
  'store-testkit',
];

/** Tests import every package's sources, so that no build stands between an edit and its test. */
const source = '@tasked/source';
const conditions = [source, 'module', 'node', 'development|production'];

/** Code compiled once serves every process of the tests, as long as Node is the same; ignored by git. */
const compileCache = join(import.meta.dirname, '.tools/compile-cache');

/** Files that take longest begin first, so that no core is left without work while one of them ends. */
const LONG = [
  'store-drizzle/test/postgres/contract.test.ts',
  'store-drizzle/test/postgres/model.test.ts',
  'store-drizzle/test/postgres/outage.test.ts',
  'store-drizzle/test/model.test.ts',
  'server/test/conformance/conformance.test.ts',
  'store-testkit/src/model/check-model.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      LONG.some((file) => moduleId.endsWith(file));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const packages = globSync('{packages,apps,examples}/*/package.json', { cwd: import.meta.dirname });

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: [source] } },
  test: {
    pool: 'forks',
    // Many tests wait for other processes. Vitest would even keep a core for itself.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Ten times what the slowest take that set no limit of their own.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
    env: { NODE_COMPILE_CACHE: compileCache },
    projects: packages.map(dirname).map((root) => ({
      extends: true,
      root,
      test: {
        name: basename(root),
        root,
        isolate: !SHARING.includes(basename(root)),
        include: ['{src,test}/**/*.test.ts'],
        globalSetup: globalSetup(join(import.meta.dirname, root)),
      },
    })),
  },
});
