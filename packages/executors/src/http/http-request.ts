/** A request that can be sent as it is. */
export interface HttpRequest {
  readonly method: string;
  /** Without credentials: they are in the headers. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null for none. */
  readonly body: string | null;
}

/** The methods that a config may name. */
export const METHODS: readonly string[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
];

/** False for the methods whose requests have no body. */
export function allowsBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
