import { expect, it } from 'vitest';
import { DemoRun, isAlive } from './demo-run.ts';
import { expectedReport } from './river-report.ts';

/** The demo takes 15 s on two idle cores; other tests may share them. */
const LONG = 180_000;

it('kills the server half way and ends with a right report all the same', {
  timeout: LONG,
}, async () => {
  const demo = new DemoRun();
  const [, killed] = await demo.prints(/kill -9 (\d+)/);
  expect(isAlive(Number(killed))).toBe(false);
  const [, restarted] = await demo.prints(/Started it again on the same data, as (\d+)/);
  expect(restarted).not.toBe(killed);
  expect(await demo.ended, demo.printed).toBe(0);

  const { gauges, readings } = expectedReport();
  const rows = tableRows(demo.printed);
  expect(rows.map(([gauge]) => gauge)).toEqual(gauges.map(({ gauge }) => gauge));
  for (const [place, expected] of gauges.entries()) {
    const [, mean, interval = '', warmest, on, warmDays] = rows[place] ?? [];
    const [low, high] = interval.split(' to ');
    expectRounded(mean, expected.mean);
    expectRounded(low, expected.low);
    expectRounded(high, expected.high);
    expect([Number(warmest), on, Number(warmDays)]).toEqual([
      expected.warmest,
      expected.on,
      expected.warmDays,
    ]);
  }
  expect(demo.printed).toContain(`${readings} readings`);

  const [, finished, cutOff, names = '', later] =
    /(\d+) tasks? had finished .*; (\d+) tasks? .* cut off .* \((.*)\); (\d+) tasks? began/.exec(
      demo.printed,
    ) ?? [];
  expect(Number(finished) + Number(cutOff) + Number(later)).toBe(gauges.length + 3);
  expect(Number(finished)).toBeGreaterThanOrEqual((gauges.length + 3) / 2);
  expect(names.split(', ')).toHaveLength(Number(cutOff));
  expect(Number(cutOff)).toBeGreaterThanOrEqual(2);

  expect(isAlive(Number(restarted))).toBe(false);
  expect(demo.leftovers).toEqual([]);
});

it('cleans up when it is interrupted', { timeout: LONG }, async () => {
  const demo = new DemoRun();
  const [, server] = await demo.prints(/Server (\d+)/);
  await demo.prints(/✔ spring/);
  demo.process.kill('SIGINT');
  expect(await demo.ended).toBe(130);
  expect(demo.printed).toContain('Interrupted.');
  expect(isAlive(Number(server))).toBe(false);
  expect(demo.leftovers).toEqual([]);
});

/** The table has two decimals; the bounds of the interval were rounded to four before. */
function expectRounded(shown: string | undefined, exact: number): void {
  expect(Math.abs(Number(shown) - exact)).toBeLessThan(0.0051);
}

function tableRows(printed: string): readonly (readonly string[])[] {
  const rows = printed.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}
