import { cpSync, globSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin, RolldownOptions } from 'rolldown';
import { replacePlugin } from 'rolldown/plugins';
import { thirdPartyLicenses } from './third-party-licenses.ts';

/** Where the store reads the steps of its schemas. */
const MIGRATIONS = new URL('../../packages/store-drizzle/migrations/', import.meta.url);
const OWN_MIGRATIONS = new URL('./migrations/', import.meta.url);

/** The store's modules are two folders below their package; bundled, they are one below ours. */
const readsThemBesideUs = replacePlugin(
  { '../../migrations/': '../migrations/' },
  { delimiters: ['', ''], sourcemap: true },
);

const bringsThem: Plugin = {
  name: 'brings-migrations',
  writeBundle() {
    rmSync(OWN_MIGRATIONS, { recursive: true, force: true });
    for (const path of globSync('*/*.sql', { cwd: fileURLToPath(MIGRATIONS) })) {
      cpSync(new URL(path, MIGRATIONS), new URL(path, OWN_MIGRATIONS));
    }
  },
};

/** The program with all it uses but the drivers: native code cannot be in it, and not everybody loads postgres. */
export default {
  input: { 'compile-cache': '@tasked/app-kit/compile-cache', main: './src/main.ts' },
  platform: 'node',
  external: ['better-sqlite3', 'postgres'],
  resolve: { conditionNames: ['@tasked/source', 'node', 'import'] },
  transform: { target: 'es2024' },
  plugins: [readsThemBesideUs, bringsThem, thirdPartyLicenses('THIRD-PARTY-LICENSES')],
  output: { dir: 'dist', cleanDir: true, sourcemap: true },
} satisfies RolldownOptions;
