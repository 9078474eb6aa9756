/**
 * Prints "N passed, N failed" from what results-reporter.mjs wrote; fails unless tests ran, all passed, and
 * the run came to its end. A test file that cannot be loaded, or that did not end, counts as one that failed.
 */
import { readFileSync } from 'node:fs';

function read(file) {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

const events = read(process.argv[2]);
const of = (kind) => events.filter(({ event }) => event === kind);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

const ended = of('ends');
const names = new Set(ended.map(({ file }) => file));
const unended = of('begins').filter(({ file }) => !names.has(file));
for (const { file } of unended) process.stdout.write(`did not end: ${file}\n`);

const passed = sum(ended.map((file) => file.passed));
const brokenFiles = ended.filter((file) => !file.ok && file.failed === 0).length;
const failed = sum(ended.map((file) => file.failed)) + brokenFiles + unended.length;
const isWhole = of('over').some(({ ok }) => ok);

if (!isWhole && failed === 0) process.stdout.write('the run of the tests did not end well\n');
process.stdout.write(`${passed} passed, ${isWhole ? failed : Math.max(1, failed)} failed\n`);
process.exitCode = isWhole && passed > 0 && failed === 0 ? 0 : 1;
