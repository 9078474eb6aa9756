import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('..', import.meta.url));

/** The demo as a process, as `npm run demo` starts it, with a folder of its own for temporary files. */
export class DemoRun {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  #printed = '';
  readonly #temporary: string;
  readonly #watchers = new Set<() => void>();

  constructor() {
    const temporary = mkdtempSync(join(tmpdir(), 'demo-test-'));
    this.#temporary = temporary;
    this.process = spawn(process.execPath, ['src/demo.ts'], {
      cwd: EXAMPLE,
      env: { ...process.env, TMPDIR: temporary, NODE_OPTIONS: '', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#add(text));
    }
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
    onTestFinished(() => {
      this.process.kill('SIGKILL');
      rmSync(temporary, { recursive: true, force: true });
    });
  }

  get printed(): string {
    return this.#printed;
  }

  /** What is left of the demo's temporary files. */
  get leftovers(): readonly string[] {
    return readdirSync(this.#temporary);
  }

  /** Resolves with the first match in what is printed; rejects when the demo ends without one. */
  prints(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.#printed);
        if (match === null) return;
        this.#watchers.delete(look);
        resolve(match);
      };
      this.#watchers.add(look);
      look();
      void this.ended.then(() => reject(new Error(`never printed ${pattern}:\n${this.#printed}`)));
    });
  }

  #add(text: string): void {
    this.#printed += text;
    for (const look of [...this.#watchers]) look();
  }
}

/** True while a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
