/** A URL that can be asked, or what is wrong with the text; `why` ends a sentence. */
export type ReadUrl =
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'flawed'; readonly why: string };

const MAX_SHOWN = 120;

/** True for the two protocols that are spoken here. */
export function isHttp(protocol: string): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** Reads an absolute http or https URL; white space around it does not count. */
export function readUrl(text: string): ReadUrl {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'flawed', why: 'is empty' };
  // A URL parser would leave them out in silence and ask for something else.
  if (/[\t\r\n]/.test(trimmed)) return { kind: 'flawed', why: 'holds a line break or a tab' };
  if (!URL.canParse(trimmed)) return { kind: 'flawed', why: 'is no absolute URL' };
  const url = new URL(trimmed);
  if (isHttp(url.protocol)) return { kind: 'url', url };
  return { kind: 'flawed', why: `begins with ${url.protocol}, and only http and https are spoken` };
}

/** A URL for people to read, without what may be secret in it: credentials, query and fragment. */
export function shownUrl({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

/** What may be shown of a text that is no URL. */
export function shownText(text: string): string {
  const open = text.replace(/[?#].*$/s, '?…').replace(/\/\/[^/]*@/, '//');
  return open.length <= MAX_SHOWN ? open : `${open.slice(0, MAX_SHOWN)}…`;
}
