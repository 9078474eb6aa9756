/** Where flows and logs are kept. */
export type Place =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  /** Flows are in the database; the logs of what runs on this machine are in `dataDir`. */
  | { readonly kind: 'postgres'; readonly url: string; readonly dataDir: string };
