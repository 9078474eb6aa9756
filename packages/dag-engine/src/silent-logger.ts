import type { Logger } from '@tasked/core';

/** Says nothing; what a library should do until somebody hands it a logger. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
