import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { Candidate } from './contender.ts';

/** The installed version of a contender's package. */
export function versionOf({ packageName }: Candidate): string {
  if (packageName === null) return 'this commit';
  const file = findPackageJSON(packageName, import.meta.url);
  if (file === undefined) throw new Error(`${packageName} is not installed`);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return version;
}
