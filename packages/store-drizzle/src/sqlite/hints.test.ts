import type { Hint } from '@tasked/core';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newDirectory } from '../../test/data-directories.ts';
import { Hints } from './hints.ts';

const OWN: Hint = { by: null, flows: [] };
const FOREIGN: Hint = { by: null, flows: null };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('hints of this process', () => {
  it('come at once, to every listener until it unsubscribes', () => {
    const { hints } = setUp();
    const one = listen(hints);
    const two = listen(hints);
    hints.emit(OWN);
    one.unsubscribe();
    hints.emit(OWN);
    expect([one.heard, two.heard]).toEqual([[OWN], [OWN, OWN]]);
  });

  it('reach the others when one listener throws, and who operates the store hears of it', () => {
    const { hints, errors } = setUp();
    const broken = new Error('planted');
    hints.subscribe(() => {
      throw broken;
    });
    const { heard } = listen(hints);
    hints.emit(OWN);
    expect([heard, errors]).toEqual([[OWN], [broken]]);
  });
});

describe('hints of other processes', () => {
  it('come within 50 ms while one of them runs tasks', () => {
    const { hints, commit } = setUp({ othersRun: true });
    const { heard } = listen(hints);
    commit();
    vi.advanceTimersByTime(50);
    expect(heard).toEqual([FOREIGN]);
  });

  it('come within a second while none of them does', () => {
    const { hints, commit } = setUp({ othersRun: false });
    const { heard } = listen(hints);
    commit();
    vi.advanceTimersByTime(900);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(heard).toEqual([FOREIGN]);
  });

  it('come faster once another begins to run tasks, and slower once it is gone', () => {
    const others = { run: false };
    const { hints, commit, looks } = setUp({ othersRun: () => others.run });
    const { heard } = listen(hints);
    others.run = true;
    commit();
    vi.advanceTimersByTime(1_000);
    commit();
    vi.advanceTimersByTime(50);
    expect(heard).toEqual([FOREIGN, FOREIGN]);
    others.run = false;
    vi.advanceTimersByTime(2_000);
    const before = looks();
    vi.advanceTimersByTime(10_000);
    expect(looks() - before).toBeLessThanOrEqual(10);
  });

  it('do not tell what was committed before anybody listened, nor own commits', () => {
    const { hints, commit, db } = setUp({ othersRun: true });
    commit();
    const { heard } = listen(hints);
    db.exec("insert into note values ('own')");
    vi.advanceTimersByTime(100);
    expect(heard).toEqual([]);
  });

  it('cost nothing while nobody listens', () => {
    const { hints, commit, looks } = setUp({ othersRun: true });
    const { heard, unsubscribe } = listen(hints);
    unsubscribe();
    const before = looks();
    commit();
    vi.advanceTimersByTime(1_000);
    expect([heard, looks()]).toEqual([[], before]);
  });

  it('go on after a look that failed', () => {
    const { hints, commit, errors, breakLooks } = setUp({ othersRun: true });
    const { heard } = listen(hints);
    breakLooks(true);
    commit();
    vi.advanceTimersByTime(50);
    expect(errors.length).toBeGreaterThan(0);
    breakLooks(false);
    vi.advanceTimersByTime(1_000);
    expect(heard).toEqual([FOREIGN]);
  });

  it('are not lost when it cannot be told whether others run tasks', () => {
    const { hints, commit, errors } = setUp({
      othersRun: () => {
        throw new Error('planted');
      },
    });
    const { heard } = listen(hints);
    commit();
    vi.advanceTimersByTime(1_000);
    expect(errors.length).toBeGreaterThan(0);
    expect(heard).toEqual([FOREIGN]);
  });
});

function listen(hints: Hints): { readonly heard: Hint[]; unsubscribe(): void } {
  const heard: Hint[] = [];
  return { heard, unsubscribe: hints.subscribe((hint) => heard.push(hint)) };
}

function setUp({ othersRun = false }: { othersRun?: boolean | (() => boolean) } = {}) {
  const file = `${newDirectory()}/notes.sqlite`;
  const db = connect(file);
  const other = connect(file);
  db.pragma('journal_mode = WAL');
  db.exec('create table note (text text)');
  const errors: unknown[] = [];
  let looks = 0;
  let broken = false;
  const version = db.prepare<[], number>('pragma data_version').pluck();
  const read = version.get.bind(version);
  version.get = () => {
    looks += 1;
    if (broken) throw new Error('planted');
    return read();
  };
  vi.spyOn(db, 'prepare').mockReturnValueOnce(version);
  const hints = new Hints(db, {
    othersRun: typeof othersRun === 'function' ? othersRun : () => othersRun,
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => hints.close());
  return {
    db,
    hints,
    errors,
    looks: () => looks,
    commit: () => other.exec("insert into note values ('other')"),
    breakLooks(yes: boolean) {
      broken = yes;
    },
  };
}

function connect(file: string): Database {
  const db = new BetterSqlite3(file, { timeout: 0 });
  onTestFinished(() => {
    db.close();
  });
  return db;
}
