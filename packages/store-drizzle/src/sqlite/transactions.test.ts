import { TaskedError } from '@tasked/core';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { newDirectory } from '../../test/data-directories.ts';
import { Transactions } from './transactions.ts';

describe('a write', () => {
  it('is committed as a whole, or not at all', async () => {
    const { db, transactions } = openFile();
    const failing = transactions.write(() => {
      db.exec("insert into note values ('half')");
      throw new TaskedError('not_found', 'no');
    });
    await expect(failing).rejects.toMatchObject({ code: 'not_found' });
    await transactions.write(() => db.exec("insert into note values ('whole')"));
    expect(notesIn(db)).toEqual(['whole']);
  });

  it('waits for the lock without blocking, and then goes through', async () => {
    const { db, transactions, file } = openFile();
    const other = lockedByAnother(file);
    const writing = transactions.write(() => db.exec("insert into note values ('late')"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(notesIn(db)).toEqual([]);
    other.exec('commit');
    await writing;
    expect(notesIn(db)).toEqual(['late']);
  });

  it('gives up when the lock stays taken for 10 s', async () => {
    const { db, transactions, file } = openFile();
    lockedByAnother(file);
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 4_000;
      return now;
    });
    onTestFinished(() => clock.mockRestore());
    const writing = transactions.write(() => db.exec("insert into note values ('never')"));
    await expect(writing).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/stayed locked by another process/),
    });
  });

  it('on a full disk says so, and leaves what was there', async () => {
    const { db, transactions } = openFile();
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    const text = 'x'.repeat(100_000);
    const writing = transactions.write(() => db.prepare('insert into note values (?)').run(text));
    await expect(writing).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/the disk is full/),
    });
    expect(notesIn(db)).toEqual([]);
  });

  it('after close is refused', async () => {
    const { db, transactions } = openFile();
    db.close();
    await expect(transactions.write(() => 1)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a read', () => {
  it('sees one moment, whatever others commit meanwhile', async () => {
    const { db, transactions, file } = openFile();
    const other = connect(file);
    await transactions.read(() => {
      expect(notesIn(db)).toEqual([]);
      other.exec("insert into note values ('new')");
      expect(notesIn(db)).toEqual([]);
    });
    expect(await transactions.read(() => notesIn(db))).toEqual(['new']);
  });
});

function openFile() {
  const file = `${newDirectory()}/notes.sqlite`;
  const db = connect(file);
  db.pragma('journal_mode = WAL');
  db.exec('create table note (text text)');
  return { db, file, transactions: new Transactions(db) };
}

function lockedByAnother(file: string): Database {
  const other = connect(file);
  other.exec('begin immediate');
  return other;
}

function connect(file: string): Database {
  const db = new BetterSqlite3(file, { timeout: 0 });
  onTestFinished(() => {
    db.close();
  });
  return db;
}

function notesIn(db: Database): readonly unknown[] {
  return db.prepare('select text from note').pluck().all();
}
