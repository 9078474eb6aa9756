/** Where flows and logs are kept. */
export type Place =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  | PostgresPlace;

/** A database for any number of machines. */
export interface PostgresPlace {
  readonly kind: 'postgres';
  readonly url: string;
  /** The server itself, when `url` leads through a pooler; undefined: `url` is asked for everything. */
  readonly sessionUrl: string | undefined;
  /** For what concerns this machine alone: the processes that run on it, where it keeps no list. */
  readonly dataDir: string;
}
