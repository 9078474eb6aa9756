/** Writes the demo's data file anew: `pnpm run data`. */
import { writeFileSync } from 'node:fs';
import { riverData } from './river-data.ts';

writeFileSync(new URL('../data/river-temperatures.csv', import.meta.url), riverData());
