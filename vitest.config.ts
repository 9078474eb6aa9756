import { defineConfig } from 'vitest/config';

/** Tests run from the sources of every package: no build stands between an edit and its test. */
const conditions = ['@tasked/source', 'module', 'node', 'development|production'];

export default defineConfig({
  test: {
    projects: ['packages', 'apps', 'examples'].map((folder) => ({
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: ['@tasked/source'] } },
      test: { name: folder, include: [`${folder}/*/{src,test}/**/*.test.ts`] },
    })),
  },
});
