import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { LogBench } from '../log-bench.ts';
import type { LogStoreCase } from '../log-store-case.ts';

/** How long an append may take on a busy machine; the port promises 200 ms. */
const VISIBLE_WITHIN_MS = 1_000;

/** When what was appended can be read. */
export const logDeliveryCases: readonly LogStoreCase[] = [
  {
    id: 'log-delivery.flush',
    title: 'all that was appended before a flush can be read after it',
    async run(at) {
      const attempt = at.attempt();
      let expected = '';
      for (let round = 0; round < 20; round++) {
        at.print(attempt, `${round};`);
        expected += `${round};`;
        await at.logs.flush();
        expect(await at.text(attempt)).toBe(expected);
      }
    },
  },
  {
    id: 'log-delivery.without-flush',
    title: 'what was appended can soon be read, also when nobody flushes',
    async run(at) {
      const attempt = at.attempt();
      at.print(attempt, 'soon');
      expect(await textWithin(at, attempt)).toBe('soon');
    },
  },
  {
    id: 'log-delivery.while-it-grows',
    title: 'a reader that follows a growing log by offset misses nothing and sees nothing twice',
    async run(at) {
      const attempt = at.attempt();
      let seen = '';
      let offset = 0;
      let printed = '';
      for (let round = 0; round < 50; round++) {
        const text = `line ${round} ${'.'.repeat(round)}\n`;
        printed += text;
        at.print(attempt, text);
        if (round % 3 === 0) await at.logs.flush();
        const chunk = await at.logs.read(attempt, 'stdout', { offset, limit: 64 });
        offset += chunk?.bytes.length ?? 0;
        seen += Buffer.from(chunk?.bytes ?? []).toString();
      }
      await at.logs.flush();
      seen += await at.text(attempt, { offset, limit: 1_000_000 });
      expect(seen).toBe(printed);
    },
  },
  {
    id: 'log-delivery.other-process',
    title: 'another log store on the same data reads it soon too',
    needs: 'openSecond',
    async run(at) {
      const other = await at.openSecond();
      const attempt = at.attempt();
      at.print(attempt, 'flushed');
      await at.logs.flush();
      expect(await other.text(attempt)).toBe('flushed');
      const second = at.attempt();
      at.print(second, 'soon');
      expect(await textWithin(other, second)).toBe('soon');
    },
  },
];

/** The text of a log as soon as there is one. */
async function textWithin(at: LogBench, attempt: ReturnType<LogBench['attempt']>): Promise<string> {
  const window = { offset: 0, limit: 1_000 };
  for (let waited = 0; waited < VISIBLE_WITHIN_MS; waited += 10) {
    const chunk = await at.logs.read(attempt, 'stdout', window);
    if (chunk !== null) return Buffer.from(chunk.bytes).toString();
    await pause(10);
  }
  return expect.fail(`nothing could be read within ${VISIBLE_WITHIN_MS} ms`);
}
