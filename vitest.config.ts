import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What a package's tests need before the first of them runs, once. */
const globalSetup = (root: string) =>
  globSync('test/global-setup.ts', { cwd: root }).map((file) => join(root, file));

/** Their tests touch nothing but their own objects: files may share a process, and load every module once. */
const SHARING = ['core', 'dag-engine', 'store-memory', 'store-testkit'];

/** Tests import every package's sources, so that no build stands between an edit and its test. */
const source = '@tasked/source';
const conditions = [source, 'module', 'node', 'development|production'];

const packages = globSync('{packages,apps,examples}/*/package.json', { cwd: import.meta.dirname });

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: [source] } },
  test: {
    pool: 'forks',
    // Vitest keeps a core for itself, which is half of a small machine; many tests wait for other processes.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    silent: 'passed-only',
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
