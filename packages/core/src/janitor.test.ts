import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Janitor, type Sweep } from './janitor.ts';
import type { Logger } from './ports/logger.ts';

const MINUTE = 60_000;

let said: string[];
let logger: Logger;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
  said = [];
  const say = (level: string) => (message: string) => said.push(`${level}: ${message}`);
  logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
});

afterEach(() => vi.useRealTimers());

/** A sweep that removes the given numbers, one after the other, then nothing; a null fails. */
function sweepOf(name: string, ...removes: readonly (number | null)[]) {
  const left = [...removes];
  const at: number[] = [];
  const sweep: Sweep = {
    name,
    async sweep(now) {
      at.push(now);
      const removed = left.shift() ?? (at.length > removes.length ? 0 : null);
      if (removed === null) throw new Error('the disk is gone');
      return removed;
    },
  };
  return { sweep, at };
}

describe('Janitor', () => {
  it('sweeps when it starts and every five minutes', async () => {
    const { sweep, at } = sweepOf('crumbs');
    const janitor = new Janitor({ sweeps: [sweep] });
    janitor.start();
    janitor.start();
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(at).toEqual([1_000, 1_000 + 5 * MINUTE, 1_000 + 10 * MINUTE]);
    await janitor.stop();
  });

  it('says what it removed, and nothing when there was nothing', async () => {
    const sweeps = [sweepOf('crumbs', 3, 0).sweep, sweepOf('dust', 0, 7).sweep];
    const janitor = new Janitor({ sweeps, logger });
    expect(await janitor.runOnce()).toEqual({ crumbs: 3, dust: 0 });
    expect(await janitor.runOnce()).toEqual({ crumbs: 0, dust: 7 });
    expect(said).toEqual([
      'info: the janitor removed 3 crumbs',
      'info: the janitor removed 7 dust',
    ]);
  });

  it('survives a sweep that fails, does the others and tries again', async () => {
    const sweeps = [sweepOf('crumbs', null, 2).sweep, sweepOf('dust', 1).sweep];
    const janitor = new Janitor({ sweeps, logger, intervalMs: MINUTE });
    janitor.start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(said).toEqual([
      'error: the janitor could not remove crumbs',
      'info: the janitor removed 1 dust',
      'info: the janitor removed 2 crumbs',
    ]);
    await janitor.stop();
  });

  it('does nothing more once it is stopped, and can be started again', async () => {
    const { sweep, at } = sweepOf('crumbs');
    const janitor = new Janitor({ sweeps: [sweep], intervalMs: MINUTE });
    janitor.start();
    await vi.advanceTimersByTimeAsync(0);
    await janitor.stop();
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(at).toHaveLength(1);
    janitor.start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(at).toHaveLength(3);
    await janitor.stop();
  });

  it('waits for the round under way when it is stopped, and begins none after it', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    let rounds = 0;
    const slow: Sweep = {
      name: 'slow',
      sweep: () => {
        rounds += 1;
        return promise;
      },
    };
    const janitor = new Janitor({ sweeps: [slow], intervalMs: MINUTE });
    janitor.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(janitor.runOnce()).toBe(janitor.runOnce());
    let stopped = false;
    const stopping = janitor.stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(stopped).toBe(false);
    resolve(1);
    await stopping;
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(rounds).toBe(1);
  });

  it('keeps no process alive', () => {
    vi.useRealTimers();
    const handles = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout');
    const before = handles().length;
    const janitor = new Janitor({ sweeps: [], intervalMs: MINUTE });
    janitor.start();
    expect(handles()).toHaveLength(before);
    return janitor.stop();
  });
});
