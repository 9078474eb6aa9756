import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ABSENT_MS, SETTLED_MS } from '../../src/postgres/deaths.ts';
import {
  DEBOUNCE_MS,
  DELIVERIES_PER_SECOND,
  LONGEST_PAUSE_MS,
  WAKEUPS_PER_SECOND,
} from '../../src/postgres/hints.ts';
import { BEATS_PER_LEASE, LOOKS_PER_LEASE } from '../../src/postgres/lease.ts';
import { LOG_POOL_SIZE } from '../../src/postgres/logs/open-postgres-log-store.ts';
import { LEASE_MS, POOL_SIZE } from '../../src/postgres/open-postgres-store.ts';
import { LOOK_MS } from '../../src/postgres/pooled-line.ts';
import { FEW, LOOKS_PER_SECOND } from '../../src/postgres/runners.ts';
import { RECONNECT_MS } from '../../src/postgres/session.ts';

const CONSTANTS = {
  LEASE_MS,
  BEATS_PER_LEASE,
  SETTLED_MS,
  ABSENT_MS,
  FEW,
  LOOKS_PER_SECOND,
  LOOKS_PER_LEASE,
  RECONNECT_MS,
  DEBOUNCE_MS,
  DELIVERIES_PER_SECOND,
  WAKEUPS_PER_SECOND,
  LONGEST_PAUSE_MS,
  LOOK_MS,
  POOL_SIZE,
  LOG_POOL_SIZE,
};

/** Of the engine, which stores do not see. */
const ELSEWHERE = ['REAP_EVERY_MS'];

const page = readFileSync(new URL('../../../../docs/scaling.md', import.meta.url), 'utf8');

it('the page on scaling names the constants as they are, and no others', () => {
  const named = [...page.matchAll(/^\| `([A-Z_]+)` +\| +(\d+) +\|/gm)].map(
    ([, name = '', value]) => [name, Number(value)] as const,
  );
  const ours = named.filter(([name]) => !ELSEWHERE.includes(name));
  expect(Object.fromEntries(ours)).toEqual(CONSTANTS);
});

it.each([10, 100, 1_000])('its arithmetic for %d runners follows from them', (runners) => {
  const column = [10, 100, 1_000].indexOf(runners) + 1;
  const cell = (row: string) => {
    const line = page.split('\n').find((text) => text.startsWith(`| ${row}`));
    return line?.split('|')[column + 1]?.trim();
  };
  const count = (value: number) => value.toLocaleString('en-US');
  const pauseMs = Math.min(
    Math.max(DEBOUNCE_MS, (runners ** 2 / DELIVERIES_PER_SECOND) * 1_000),
    LONGEST_PAUSE_MS,
  );
  const notifications = (runners * 1_000) / pauseMs;
  const reapEveryMs = Number(/`REAP_EVERY_MS` +\| +(\d+)/.exec(page)?.[1]);
  const looks = runners <= FEW ? (runners * 1_000) / reapEveryMs : LOOKS_PER_SECOND;
  expect(cell('connections')).toBe(count(runners * (POOL_SIZE + LOG_POOL_SIZE + 1)));
  expect(cell('heartbeats')).toBe(`${count((runners * BEATS_PER_LEASE * 1_000) / LEASE_MS)} /s`);
  expect(cell('looks for dead')).toBe(`${count(looks)} /s`);
  expect(cell('pause after')).toBe(pauseMs < 1_000 ? `${pauseMs} ms` : `${pauseMs / 1_000} s`);
  expect(cell('notifications,')).toBe(`${count(notifications)} /s`);
  expect(cell('… deliveries')).toBe(`${count(notifications * runners)} /s`);
  expect(cell('behind a pooler')).toBe(`${count((runners * 1_000) / LOOK_MS)} /s`);
});
