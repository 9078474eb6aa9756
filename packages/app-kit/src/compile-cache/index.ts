export { cacheCompiledCode } from './cache-compiled-code.ts';
