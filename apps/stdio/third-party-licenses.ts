import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'rolldown';

/**
 * Writes the licences of the packages of others that are in a bundle to `file`, as these licences demand. The build fails
 * where one has none.
 */
export function thirdPartyLicenses(file: string): Plugin {
  return {
    name: 'third-party-licenses',
    writeBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((output) =>
        output.type === 'chunk' ? output.moduleIds : [],
      );
      const folders = new Set(modules.filter(isOfOthers).map(packageFolder));
      const notices = new Map([...folders].map(notice));
      const sorted = [...notices].sort(([a], [b]) => (a < b ? -1 : 1));
      writeFileSync(file, sorted.map(([name, text]) => `${name}\n\n${text}\n`).join(RULE));
    },
  };
}

const RULE = `\n${'-'.repeat(80)}\n\n`;

function isOfOthers(module: string): boolean {
  return /[\\/]node_modules[\\/]/.test(module);
}

/** The folder of the package that a module is from: some have manifests without a name further down. */
function packageFolder(module: string): string {
  let folder = dirname(module);
  while (!isPackage(folder)) folder = dirname(folder);
  return folder;
}

function isPackage(folder: string): boolean {
  return existsSync(join(folder, 'package.json')) && manifestOf(folder).version !== undefined;
}

function notice(folder: string): readonly [name: string, text: string] {
  const { name, version } = manifestOf(folder);
  const license = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (license === undefined) throw new Error(`${folder} holds no licence`);
  return [`${name} ${version}`, readFileSync(join(folder, license), 'utf8').trim()];
}

function manifestOf(folder: string): { readonly name?: string; readonly version?: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
