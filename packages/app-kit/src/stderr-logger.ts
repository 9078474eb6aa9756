import { inspect } from 'node:util';
import type { LogFields, Logger } from '@tasked/core';
import { hidePasswords } from './database-url.ts';

/** From everything to the worst only. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Logs one line an event: time, level, message, fields as JSON; passwords in URLs are left out. Nothing is written to stdout, which belongs to the
 * protocol. A logging library would cost a tenth of the memory that an idle server may take.
 */
export function stderrLogger(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Logger {
  const least = LOG_LEVELS.indexOf(level);
  const at = (name: LogLevel) => {
    if (LOG_LEVELS.indexOf(name) < least) return () => {};
    return (message: string, fields?: LogFields) => {
      const told = fields === undefined ? '' : ` ${textOf(fields)}`;
      write(`${new Date().toISOString()} ${name} ${hidePasswords(`${message}${told}`)}\n`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A failure is told also when what it is about cannot be JSON: a log line must not become a failure itself. */
function textOf(fields: LogFields): string {
  try {
    return JSON.stringify(fields, errorsToo);
  } catch {
    return inspect(fields, { breakLength: Number.POSITIVE_INFINITY }).replaceAll(/\s*\n\s*/g, ' ');
  }
}

/** JSON of an error has nothing in it unless asked for. */
function errorsToo(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { message, stack, cause } = value;
  return { ...value, message, stack, ...(cause === undefined ? {} : { cause }) };
}
