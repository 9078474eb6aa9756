/**
 * How long a response asks to be left alone, in milliseconds; null when it does not say. A date is
 * compared with the server's own clock where it tells what that says (RFC 9110, 10.2.3).
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | null {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const until = readHttpDate(text);
  if (until === null) return null;
  return Math.max(0, until - (readHttpDate(headers.date ?? '') ?? now));
}

/** The oldest of the three forms names no time zone, and means GMT like the others. */
function readHttpDate(text: string): number | null {
  if (!/^[A-Z][a-z]+,? /.test(text)) return null;
  const time = Date.parse(/ GMT$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? null : time;
}
