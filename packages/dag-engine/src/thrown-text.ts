import { inspect } from 'node:util';

/** What was thrown as a text, whatever it is; of an error its message alone. */
export function thrownText(thrown: unknown): string {
  const said: unknown = thrown instanceof Error ? thrown.message : thrown;
  return typeof said === 'string' ? said : inspect(said);
}
