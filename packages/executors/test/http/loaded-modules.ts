import { createRequire } from 'node:module';
import { httpExecutor } from '../../src/index.ts';

httpExecutor().check({ url: 'http://localhost' });
const loaded = Object.keys(createRequire(import.meta.url).cache);
console.log(loaded.some((path) => path.includes('undici')));
