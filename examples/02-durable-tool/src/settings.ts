import type { DurableTool } from '@tasked/server';

/** What the environment says of where and what to serve. */
export interface Settings {
  readonly tools: readonly DurableTool[];
  readonly place: {
    readonly kind: 'memory' | 'sqlite' | 'postgres';
    /** A directory, or the URL of a database. */
    readonly where: string;
  };
}

/** `STORE`: memory, a `postgres://` URL, or a directory for SQLite; `TOOLS`: those to have, of all by default. */
export function settings(all: readonly DurableTool[]): Settings {
  const { STORE: where = 'analysis-data', TOOLS } = process.env;
  const names = TOOLS?.split(',') ?? all.map(({ name }) => name);
  const kind =
    where === 'memory' ? 'memory' : /^postgres(ql)?:/.test(where) ? 'postgres' : 'sqlite';
  return { tools: all.filter(({ name }) => names.includes(name)), place: { kind, where } };
}
