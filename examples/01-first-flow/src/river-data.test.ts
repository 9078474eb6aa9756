import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readDataFile } from './data-file.ts';
import { riverData } from './river-data.ts';

const file = new URL('../data/river-temperatures.csv', import.meta.url);

it('makes the committed data file, to the byte', () => {
  expect(readFileSync(file, 'utf8') === riverData()).toBe(true);
});

it('measures 16 gauges every four hours for a year', () => {
  const { gauges, rows } = readDataFile(file);
  expect(gauges).toHaveLength(16);
  expect(rows).toBe(16 * 365 * 6);
});
