/** What the connection needs, which is for whoever holds it to say. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** What is wrong with the name of a header, ending a sentence; null when nothing is. */
export function headerNameFlaw(name: string): string | null {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return 'is no name of a header';
  return OF_THE_CONNECTION.has(name.toLowerCase()) ? 'is set by Tasked itself' : null;
}

/**
 * A header's value as it is sent: white space around it is no part of it (RFC 9110, 5.5), so that what a
 * command printed can be one.
 */
export function headerValue(text: string): string {
  return text.trim();
}

/** What is wrong with a {@link headerValue}, ending a sentence; null when nothing is. */
export function headerValueFlaw(value: string): string | null {
  if (/[\r\n]/.test(value)) return 'holds a line break, which would begin another header';
  if (/[^\t\x20-\x7e\x80-\u{10ffff}]/u.test(value)) return 'holds a control character';
  if (/[^\0-\xff]/.test(value)) {
    return 'holds a character that no header can carry (only ISO 8859-1); encode it, or send it in the body';
  }
  return null;
}
