import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// To be imported before a program of the tests: the next process need not compile the same again. Node keeps what it
// compiled when a process ends by itself; most of these are killed.
enableCompileCache(fileURLToPath(new URL('../../../.tools/compile-cache', import.meta.url)));
setTimeout(flushCompileCache, 500).unref();
