/** Prints "N passed, N failed" from Vitest's JSON results; fails unless tests ran and all passed. */
import { readFileSync } from 'node:fs';

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [], success: false };
  }
}

const { numPassedTests, numFailedTests, testResults, success } = read(process.argv[2]);

// A file that cannot be loaded has no tests to count, and has failed all the same.
const brokenFiles = testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;

process.stdout.write(`${numPassedTests} passed, ${numFailedTests + brokenFiles} failed\n`);
process.exitCode = success && numPassedTests > 0 ? 0 : 1;
