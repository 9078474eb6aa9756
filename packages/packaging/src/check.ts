import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packPackages } from './pack-packages.ts';

const $ = execa({ preferLocal: true, localDir: import.meta.dirname, all: true, reject: false });

const folder = mkdtempSync(join(tmpdir(), 'tasked-check-'));
try {
  const files = await packPackages(folder);
  const faulty = await countFaulty(files);
  console.log(`Checked ${files.length} packed packages, ${faulty} at fault.`);
  process.exitCode = faulty === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** Checks as many files at once as there are processors. */
async function countFaulty(files: readonly string[]): Promise<number> {
  let faulty = 0;
  const waiting = files.values();
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (const file of waiting) faulty += (await isFaulty(file)) ? 1 : 0;
  });
  await Promise.all(workers);
  return faulty;
}

/** Tells what is wrong with a packed file, whose users have ECMAScript modules and Node. */
async function isFaulty(file: string): Promise<boolean> {
  const results = [
    await $`publint --strict ${file}`,
    await $`attw --profile esm-only --format ascii --no-emoji ${file}`,
  ];
  const failed = results.filter((result) => result.failed);
  for (const { message } of failed) console.error(message);
  return failed.length > 0;
}
