/** Where a database is: its URL, or a client of postgres.js, whose settings are used and which stays untouched. */
export type DatabaseAddress = { readonly url: string } | { readonly sql: PostgresClient };

/** What is used of a client of postgres.js. */
export interface PostgresClient {
  /** Everything that it was made with. */
  readonly options: object;
}
