/** Where flows and logs are kept. */
export type Place =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  /** Flows and logs are in the database; `dataDir` keeps what concerns processes of this machine. */
  | { readonly kind: 'postgres'; readonly url: string; readonly dataDir: string };
