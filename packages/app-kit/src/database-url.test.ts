import { describe, expect, it } from 'vitest';
import {
  databaseUrlFault,
  hidePasswords,
  sessionUrlFault,
  withoutPassword,
} from './database-url.ts';

describe('the URL of the server behind a pooler', () => {
  const server = 'postgres://me:secret@db.example.com/tasked';
  const pooler = 'postgres://me:secret@pooler.example.com:6432/tasked';

  it('goes with the URL of a database', () => {
    expect(sessionUrlFault(server, pooler)).toBeNull();
  });

  it.each([
    [server, undefined, '--database-url'],
    [server, undefined, 'TASKED_DATABASE_URL'],
    ['', pooler, '--session-url'],
    ['mysql://me:secret@host/db', pooler, 'postgres://user@host'],
  ])('must not be %o beside %o', (session, database, said) => {
    const fault = sessionUrlFault(session, database);
    expect(fault).toContain(said);
    expect(fault).not.toContain('secret');
  });
});

describe('the URL of a database', () => {
  it.each([
    'postgres://localhost/tasked',
    'postgresql://me:secret@db.example.com:6432/tasked?sslmode=require',
    'postgres:///tasked?host=/var/run/postgresql',
  ])('may be %s', (url) => {
    expect(databaseUrlFault(url)).toBeNull();
  });

  it.each([
    '',
    'secret',
    'me:secret@host/db',
    'mysql://me:secret@host/db',
    'postgres://me:secret@host',
  ])('must not be %o, and what is wrong with it is said without it', (url) => {
    const fault = databaseUrlFault(url);
    expect(fault).toContain('postgres://user@host');
    expect(fault).not.toContain('secret');
  });

  it.each([
    ['postgres://me:se%40cret@host/db?a=1', 'postgres://me@host/db?a=1'],
    ['postgres://me@host/db?password=secret&a=1', 'postgres://me@host/db?a=1'],
    ['postgres://host/db', 'postgres://host/db'],
  ])('is shown without its password: %s', (url, shown) => {
    expect(withoutPassword(url)).toBe(shown);
  });

  it.each([
    'cannot open postgres://me:secret@host/db now',
    'cannot open "postgres://me:se@secret@host/db"',
    'option argument postgresql://host/db?password=secret&a=1 is wrong',
    '{"url":"mysql://me:secret@host/db"}',
  ])('betrays nothing inside another text: %s', (text) => {
    expect(hidePasswords(text)).not.toContain('secret');
    expect(hidePasswords(text)).toMatch(/host\/db/);
  });

  it('other texts are left as they are', () => {
    const text = 'mail me@example.com, or see https://example.com/a?b=c';
    expect(hidePasswords(text)).toBe(text);
  });

  it.each(['a', 'a://', 'a://b:', 'a://b/@', '@', '?pass'])(
    'a long text takes no longer than its length, whatever is in it: %s',
    (piece) => {
      const text = piece.repeat(Math.ceil(300_000 / piece.length));
      expect(hidePasswords(text)).toBe(text);
    },
  );
});
