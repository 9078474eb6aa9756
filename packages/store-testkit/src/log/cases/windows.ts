import { expect } from 'vitest';
import type { LogStoreCase } from '../log-store-case.ts';

/** Reading a log by offset, or its last lines. */
export const windowCases: readonly LogStoreCase[] = [
  {
    id: 'windows.append',
    title: 'chunks follow each other in the order they were appended',
    async run(at) {
      const attempt = at.attempt();
      for (const text of ['one\n', 'two\n', '', 'three']) at.print(attempt, text);
      await at.logs.flush();
      expect(await at.text(attempt)).toBe('one\ntwo\nthree');
      at.print(attempt, '\nfour');
      await at.logs.flush();
      const { offset, total, fence } = await at.read(attempt);
      expect({ offset, total, fence }).toEqual({ offset: 0, total: 18, fence: 1 });
    },
  },
  {
    id: 'windows.offset',
    title: 'a window has the bytes from its offset on, no more than its limit',
    async run(at) {
      const attempt = at.attempt();
      at.print(attempt, '0123456789');
      await at.logs.flush();
      const window = async (offset: number, limit: number) => {
        const chunk = await at.read(attempt, { offset, limit });
        return [Buffer.from(chunk.bytes).toString(), chunk.offset, chunk.total];
      };
      expect(await window(0, 4)).toEqual(['0123', 0, 10]);
      expect(await window(4, 4)).toEqual(['4567', 4, 10]);
      expect(await window(8, 4)).toEqual(['89', 8, 10]);
      expect(await window(9, 1)).toEqual(['9', 9, 10]);
      expect(await window(10, 4)).toEqual(['', 10, 10]);
      expect(await window(99, 4)).toEqual(['', 10, 10]);
      expect(await window(3, 0)).toEqual(['', 3, 10]);
    },
  },
  {
    id: 'windows.tail',
    title: 'a tail has the last lines; a newline at the very end ends a line and begins none',
    async run(at) {
      for (const ending of ['\n', '']) {
        const attempt = at.attempt();
        at.print(attempt, `one\ntwo\n\nfour${ending}`);
        await at.logs.flush();
        const tail = async (tailLines: number) => {
          const chunk = await at.read(attempt, { tailLines, limit: 1_000 });
          expect(chunk.offset + chunk.bytes.length).toBe(chunk.total);
          return Buffer.from(chunk.bytes).toString();
        };
        expect(await tail(1)).toBe(`four${ending}`);
        expect(await tail(2)).toBe(`\nfour${ending}`);
        expect(await tail(3)).toBe(`two\n\nfour${ending}`);
        expect(await tail(4)).toBe(`one\ntwo\n\nfour${ending}`);
        expect(await tail(50)).toBe(`one\ntwo\n\nfour${ending}`);
      }
    },
  },
  {
    id: 'windows.tail-limit',
    title: 'a tail that is longer than its limit loses its beginning',
    async run(at) {
      const attempt = at.attempt();
      at.print(attempt, 'first\nsecond\nthird\n');
      await at.logs.flush();
      const chunk = await at.read(attempt, { tailLines: 2, limit: 8 });
      expect(Buffer.from(chunk.bytes).toString()).toBe('d\nthird\n');
      expect([chunk.offset, chunk.total]).toEqual([11, 19]);
    },
  },
  {
    id: 'windows.tail-without-newlines',
    title: 'a tail of a log that is one long line is the end of that line',
    async run(at) {
      const attempt = at.attempt();
      at.print(attempt, `${'x'.repeat(300_000)}end`);
      await at.logs.flush();
      expect(await at.text(attempt, { tailLines: 1, limit: 5 })).toBe('xxend');
      const whole = await at.read(attempt, { tailLines: 1, limit: 1_000_000 });
      expect(whole.bytes.length).toBe(300_003);
    },
  },
  {
    id: 'windows.bytes',
    title: 'offsets, limits and sizes are bytes, and bytes come back as they were',
    async run(at) {
      const attempt = at.attempt();
      const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      at.logs.append(attempt, 'stdout', every);
      at.print(attempt, 'ä世😀');
      await at.logs.flush();
      const { bytes, total } = await at.read(attempt);
      expect(total).toBe(256 + 9);
      expect(Buffer.from(bytes).subarray(0, 256).equals(Buffer.from(every))).toBe(true);
      expect(await at.text(attempt, { offset: 256, limit: 5 })).toBe('ä世');
      const second = await at.read(attempt, { offset: 257, limit: 1 });
      expect([...second.bytes]).toEqual([0xa4]);
    },
  },
  {
    id: 'windows.split-characters',
    title: 'a character that is split over chunks comes back whole',
    async run(at) {
      const attempt = at.attempt();
      const text = 'Grüße 世界 😀\n';
      for (const byte of Buffer.from(text)) at.logs.append(attempt, 'stdout', Uint8Array.of(byte));
      await at.logs.flush();
      expect(await at.text(attempt)).toBe(text);
      expect(await at.text(attempt, { tailLines: 1, limit: 100 })).toBe(text);
    },
  },
  {
    id: 'windows.large',
    title: 'a log of 8 MiB is read window by window, and its tail from the end',
    async run(at) {
      const attempt = at.attempt();
      const line = (number: number) => `${String(number).padStart(9, '0')} ${'x'.repeat(53)}\n`;
      const lines = (8 * 1_048_576) / 64;
      for (let first = 0; first < lines; first += 1_024) {
        at.print(attempt, Array.from({ length: 1_024 }, (_, n) => line(first + n)).join(''));
      }
      await at.logs.flush();
      const limit = 1_000_000;
      let offset = 0;
      let numbers = 0;
      let rest = '';
      for (let window = 0; window < 9; window++) {
        const chunk = await at.read(attempt, { offset, limit });
        expect(chunk.offset).toBe(offset);
        expect(chunk.total).toBe(lines * 64);
        offset += chunk.bytes.length;
        const parts = (rest + Buffer.from(chunk.bytes).toString()).split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) if (`${part}\n` === line(numbers)) numbers += 1;
      }
      expect([offset, numbers, rest]).toEqual([lines * 64, lines, '']);
      const tail = await at.text(attempt, { tailLines: 3, limit: 10_000 });
      expect(tail).toBe(line(lines - 3) + line(lines - 2) + line(lines - 1));
    },
  },
];
