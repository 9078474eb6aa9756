import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests import every package's sources, so that no build stands between an edit and its test. */
const source = '@tasked/source';
const conditions = [source, 'module', 'node', 'development|production'];

const packages = globSync('{packages,apps,examples}/*/package.json', { cwd: import.meta.dirname });

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: [source] } },
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    silent: 'passed-only',
    projects: packages.map(dirname).map((root) => ({
      extends: true,
      root,
      test: { name: basename(root), root, include: ['{src,test}/**/*.test.ts'] },
    })),
  },
});
