/** Where flows and logs are kept. */
export type Place =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  /** `dataDir` is for what concerns this machine alone: the processes that run on it, where it keeps no list. */
  | { readonly kind: 'postgres'; readonly url: string; readonly dataDir: string };
