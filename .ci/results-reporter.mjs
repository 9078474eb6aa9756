import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = dirname(import.meta.dirname);

/**
 * Writes what becomes of every test file to `.tools/test-results.jsonl` at the moment it is known, so that a
 * run that is cut off leaves what it has found out, and which files it was in. `count-tests.mjs` reads it.
 */
export default class ResultsReporter {
  #file = join(root, '.tools/test-results.jsonl');

  onTestRunStart() {
    mkdirSync(dirname(this.#file), { recursive: true });
    rmSync(this.#file, { force: true });
  }

  onTestModuleQueued(module) {
    this.#note({ event: 'begins', file: nameOf(module) });
  }

  onTestModuleEnd(module) {
    const states = Array.from(module.children.allTests(), (test) => test.result().state);
    const count = (state) => states.filter((one) => one === state).length;
    this.#note({
      event: 'ends',
      file: nameOf(module),
      passed: count('passed'),
      failed: count('failed'),
      ok: module.ok(),
    });
  }

  onTestRunEnd(_modules, errors, reason) {
    this.#note({ event: 'over', ok: reason === 'passed' && errors.length === 0 });
  }

  #note(event) {
    appendFileSync(this.#file, `${JSON.stringify(event)}\n`);
  }
}

function nameOf(module) {
  return relative(root, module.moduleId);
}
