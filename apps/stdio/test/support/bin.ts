import { fileURLToPath } from 'node:url';

/** The program under test, as it is published: `npm test` builds it before. */
export const BIN = fileURLToPath(new URL('../../bin/tasked-stdio.js', import.meta.url));
