import type { AttemptContext } from '@tasked/core';

/** What may end a request before it has ended by itself. */
export interface RequestLimit {
  /** Aborts with a `StopReason`, a text, or with an error when the time of the request is up. */
  readonly signal: AbortSignal;
  /** How long the request may take, redirects and body included; 0: as long as the attempt. */
  readonly timeoutSecs: number;
  /** Lets go of the timer; to be called when the request has ended. */
  release(): void;
}

const DEFAULT_TIMEOUT_SECS = 30;

/** The limit of a request that begins now. */
export function limitOf({
  config,
  signal,
}: Pick<AttemptContext, 'config' | 'signal'>): RequestLimit {
  const { timeout_secs: secs } = config;
  const timeoutSecs = typeof secs === 'number' ? secs : DEFAULT_TIMEOUT_SECS;
  if (timeoutSecs === 0) return { signal, timeoutSecs, release: () => {} };
  // `AbortSignal.timeout` cannot be called off, and would stay in memory until its time is up.
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(), Math.ceil(timeoutSecs * 1_000));
  return {
    signal: AbortSignal.any([signal, time.signal]),
    timeoutSecs,
    release: () => clearTimeout(timer),
  };
}
