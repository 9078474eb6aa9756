/** Where programs look for the URL of their database when the command line names none. */
export const DATABASE_URL_VARIABLE = 'TASKED_DATABASE_URL';

/** Where programs look for the URL of the server behind a pooler when the command line names none. */
export const SESSION_URL_VARIABLE = 'TASKED_SESSION_URL';

/** What is wrong with the URL of a database, in words that never hold it; null when nothing is. */
export function databaseUrlFault(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    return 'the URL of the database must look like postgres://user@host:5432/database';
  }
  if (parsed.pathname.length > 1) return null;
  return 'the URL of the database must end with the name of one: postgres://user@host:5432/database';
}

/**
 * What is wrong with the URL of the server behind a pooler that `databaseUrl` leads through, in words that hold neither;
 * null when nothing is.
 */
export function sessionUrlFault(
  sessionUrl: string,
  databaseUrl: string | undefined,
): string | null {
  if (databaseUrl === undefined) {
    return `--session-url (or ${SESSION_URL_VARIABLE}) belongs to a database: give its --database-url (or ${DATABASE_URL_VARIABLE}) too`;
  }
  const fault = databaseUrlFault(sessionUrl);
  return fault === null ? null : `--session-url (or ${SESSION_URL_VARIABLE}): ${fault}`;
}

/** The URL without its password, as it may be shown and kept. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  for (const name of PASSWORDS) shown.searchParams.delete(name);
  return shown.href;
}

/** Text in which the passwords of URLs cannot be read. */
export function hidePasswords(text: string): string {
  return text
    .replaceAll(WORD, hidePassword)
    .replaceAll(/([?&](?:pass|password)=)[^\s"'`&]*/gi, '$1…');
}

/** What a URL is looked for in: the time that takes grows with the length of a text alone, whatever is in it. */
const WORD = /[^\s"'`]+/g;

function hidePassword(word: string): string {
  const end = word.lastIndexOf('@');
  const user = /:\/\/[^:/@]*:/.exec(word.slice(0, Math.max(end, 0)));
  return user === null ? word : `${word.slice(0, user.index + user[0].length)}…${word.slice(end)}`;
}

/** What postgres.js takes for a password beside the usual place. */
const PASSWORDS = ['pass', 'password'];
