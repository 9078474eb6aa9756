/** Says what the software does, to whoever operates it; never to stdout, never secrets. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** What a log line is about. */
export type LogFields = Readonly<Record<string, unknown>>;
