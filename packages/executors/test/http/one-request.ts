import { httpExecutor } from '../../src/index.ts';
import { TestAttempt } from '../attempt.ts';

/** Makes one request to the url in the arguments; then nothing is left to do. */
const outcome = await httpExecutor().run(new TestAttempt({ url: process.argv[2] ?? '' }));
if (outcome.kind !== 'succeeded') process.exitCode = 1;
