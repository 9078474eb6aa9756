import { describe, expect, it } from 'vitest';
import { shellExecutor } from '../src/index.ts';
import { outputOf, TestAttempt } from './attempt.ts';

const shell = shellExecutor();
const KIB = 1024;
const MIB = 1024 * KIB;

describe('output', () => {
  it('keeps the last 256 KiB and tells how much came before', async () => {
    const attempt = new TestAttempt({ command: 'yes 123456789 | head -n 30000; echo end' });
    const output = outputOf(await shell.run(attempt));
    expect(output.stdout).toHaveLength(256 * KIB);
    expect(output.stdout).toMatch(/123456789\nend\n$/);
    expect(output.stdout_dropped_bytes).toBe(300_004 - 256 * KIB);
    expect(output).not.toHaveProperty('stderr_dropped_bytes');
    expect(attempt.logged('stdout')).toHaveLength(300_004);
  });

  it('does not cut a character', async () => {
    const command = 'yes 💥 | head -n 70000 | tr -d "\\n"; printf x';
    const output = outputOf(await shell.run(new TestAttempt({ command })));
    expect(output.stdout).toBe(`${'💥'.repeat(64 * KIB - 1)}x`);
    expect(output.stdout_dropped_bytes).toBe(4 * (70_000 - 64 * KIB + 1));
  });

  it('that is no UTF-8 is text all the same, and whole in the log', async () => {
    const attempt = new TestAttempt({ command: 'printf "a\\377\\376b\\000c\\303"' });
    expect(outputOf(await shell.run(attempt)).stdout).toBe('a\ufffd\ufffdb\0c\ufffd');
    expect([...attempt.logged('stdout')]).toEqual([97, 255, 254, 98, 0, 99, 195]);
  });

  it('of 100 MB is read to its end in bounded memory', async () => {
    const attempt = new CountingAttempt({
      command: 'head -c 100000000 /dev/zero | tr "\\0" x; echo >&2',
    });
    const output = outputOf(await shell.run(attempt));
    expect(output.stdout_dropped_bytes).toBe(100_000_000 - 256 * KIB);
    expect(attempt.bytes.stdout).toBe(10 * MIB);
    expect(attempt.bytes.log).toBeLessThan(10 * MIB + 1_000);
    expect(attempt.remarks).toEqual([
      expect.stringMatching(/^\[tasked\] log is full: its first 10485760 bytes are kept/),
      expect.stringMatching(/^\[tasked\] stdout is full/),
    ]);
    expect(attempt.peakBytes).toBeLessThan(100 * MIB);
  });

  it('is logged as it comes, in one stream together', async () => {
    const attempt = new TestAttempt({
      command: 'printf 1; sleep 0.05; printf 2 >&2; sleep 0.05; printf 3',
    });
    await shell.run(attempt);
    expect(attempt.text('stdout')).toBe('13');
    expect(attempt.text('stderr')).toBe('2');
    expect(attempt.text('log')).toBe('123');
  });
});

/** Counts what is logged, and keeps nothing but remarks. */
class CountingAttempt extends TestAttempt {
  readonly bytes = { stdout: 0, stderr: 0, log: 0 };
  readonly remarks: string[] = [];
  peakBytes = 0;
  readonly #before = process.memoryUsage().rss;

  override log(stream: 'stdout' | 'stderr' | 'log', chunk: string | Uint8Array): void {
    this.bytes[stream] += chunk.length;
    if (typeof chunk === 'string') this.remarks.push(chunk.trim());
    this.peakBytes = Math.max(this.peakBytes, process.memoryUsage().rss - this.#before);
  }
}
