import type { Hint } from '@tasked/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEBOUNCE_MS, Hints, RETRY_MS } from './hints.ts';

/** PostgreSQL takes fewer bytes than this. */
const PAYLOAD_LIMIT = 8_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what others are told', () => {
  it('goes at once after a pause, and what follows goes together', async () => {
    const { hints, notified } = setUp();
    hints.emit(commitOf('f_1'));
    expect(notified).toEqual([[['f_1', 1, 0]]]);
    for (const id of ['f_2', 'f_3', 'f_2']) hints.emit(commitOf(id));
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS - 1);
    expect(notified).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(notified.slice(1)).toEqual([
      [
        ['f_2', 1, 0],
        ['f_3', 1, 0],
      ],
    ]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(notified).toHaveLength(2);
    hints.emit(commitOf('f_4'));
    expect(notified).toHaveLength(3);
  });

  it('fits into a notification, however much there is', async () => {
    const { hints, notified, payloads } = setUp();
    const flows = Array.from({ length: 1_000 }, (_, n) => `f_${n}`).map(changeOf);
    hints.emit({ by: null, flows });
    expect(notified).toEqual([null]);
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    for (let count = 1; count < 400; count += 7) {
      hints.emit({ by: null, flows: flows.slice(0, count) });
      await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    }
    for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(PAYLOAD_LIMIT);
  });

  it('is told as something as soon as the server can be reached', async () => {
    const { hints, notified, server } = setUp();
    server.up = false;
    hints.emit(commitOf('f_1'));
    await vi.advanceTimersByTimeAsync(10 * RETRY_MS);
    expect(notified).toEqual([]);
    server.up = true;
    await vi.advanceTimersByTimeAsync(2 * RETRY_MS);
    expect(notified).toEqual([null]);
  });

  it('is gathered for longer where many runners would be woken', async () => {
    const { hints, notified } = setUp({ runners: 130 });
    for (let ms = 0; ms < 2_530; ms += 10) {
      hints.emit(commitOf('f_1'));
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(notified).toHaveLength(3);
  });
});

describe('what others tell', () => {
  it('is heard at once, what follows together, and nothing of one’s own', async () => {
    const { hints, heard } = setUp();
    hints.receive(JSON.stringify(['other', [['f_1', 1, 0]]]));
    expect(heard).toEqual([commitOf('f_1')]);
    hints.receive(JSON.stringify(['other', [['f_2', 1, 0]]]));
    hints.receive(JSON.stringify(['another', [['f_3', 1, 0]]]));
    hints.receive(JSON.stringify(['me', [['f_4', 1, 0]]]));
    await vi.advanceTimersByTimeAsync(DEBOUNCE_MS);
    expect(heard.slice(1)).toEqual([{ by: null, flows: ['f_2', 'f_3'].map(changeOf) }]);
  });

  it('may be something unknown', async () => {
    const { hints, heard } = setUp();
    hints.receive(JSON.stringify(['other', null]));
    expect(heard).toEqual([{ by: null, flows: null }]);
  });
});

it('a listener that throws keeps no other from hearing', () => {
  const { hints, heard, errors } = setUp();
  hints.subscribe(() => {
    throw new Error('planted');
  });
  hints.emit(commitOf('f_1'));
  expect(heard).toHaveLength(1);
  expect(errors).toHaveLength(1);
});

function setUp({ runners = 2 }: { readonly runners?: number } = {}) {
  const server = { up: true };
  const payloads: string[] = [];
  const notified: unknown[] = [];
  const errors: unknown[] = [];
  const heard: Hint[] = [];
  const hints = new Hints({
    storeId: 'me',
    async notify(payload) {
      if (!server.up) throw new Error('the server is away');
      payloads.push(payload);
      notified.push(JSON.parse(payload)[1]);
    },
    runners: () => runners,
    onError: (error) => errors.push(error),
  });
  hints.subscribe((hint) => heard.push(hint));
  return { hints, server, payloads, notified, errors, heard };
}

function commitOf(flowId: string): Hint {
  return { by: null, flows: [changeOf(flowId)] };
}

function changeOf(flowId: string) {
  return { flowId, rev: 1, ended: false };
}
