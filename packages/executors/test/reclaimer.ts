/** A process that reclaims one attempt, given as JSON, and says so. */
import type { AttemptRef } from '@tasked/core';
import { shellExecutor } from '../src/index.ts';

const ref = JSON.parse(process.argv[2] ?? 'null') as AttemptRef;
await shellExecutor().reclaim?.({ ref, executor: 'shell', config: {} });
process.stdout.write('reclaimed\n');
