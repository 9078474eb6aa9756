import { readFileSync } from 'node:fs';

/** What the demo must find out about one gauge. */
export interface ExpectedGauge {
  readonly gauge: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly warmest: number;
  readonly on: string;
  readonly warmDays: number;
}

const DATA = new URL('../data/river-temperatures.csv', import.meta.url);
const RESAMPLES = 1_200;

/** The report as it must be, computed from the data file without any of the demo's code; warmest first. */
export function expectedReport(): {
  readonly gauges: readonly ExpectedGauge[];
  readonly readings: number;
} {
  const rows = readFileSync(DATA, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const readings = rows.filter(([, , celsius]) => celsius !== '');
  const byGauge = Map.groupBy(readings, ([, gauge]) => gauge ?? '');
  const gauges = [...byGauge].map(([gauge, own]) =>
    expectedGauge(
      gauge,
      own.map(([time = '', , celsius]) => ({ time, celsius: Number(celsius) })),
    ),
  );
  return { gauges: gauges.sort((a, b) => b.mean - a.mean), readings: readings.length };
}

interface Reading {
  readonly time: string;
  readonly celsius: number;
}

function expectedGauge(gauge: string, readings: readonly Reading[]): ExpectedGauge {
  const celsius = readings.map((reading) => reading.celsius);
  const means = resampledMeans(celsius).sort((a, b) => a - b);
  const warmest = Math.max(...celsius);
  const warm = readings.filter((reading) => reading.celsius >= 20);
  return {
    gauge,
    mean: celsius.reduce((sum, value) => sum + value, 0) / celsius.length,
    low: means[0.025 * RESAMPLES - 1] ?? Number.NaN,
    high: means[0.975 * RESAMPLES - 1] ?? Number.NaN,
    warmest,
    on: readings.find((reading) => reading.celsius === warmest)?.time.slice(0, 10) ?? '',
    warmDays: new Set(warm.map(({ time }) => time.slice(0, 10))).size,
  };
}

function resampledMeans(celsius: readonly number[]): number[] {
  let seed = 4711;
  return Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < celsius.length; drawn++) {
      seed = (seed * 16_807) % 2_147_483_647;
      sum += celsius[seed % celsius.length] ?? Number.NaN;
    }
    return sum / celsius.length;
  });
}
