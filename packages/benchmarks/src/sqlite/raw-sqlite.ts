import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { median } from '../statistics.ts';

/** What better-sqlite3 itself can do here, with the settings that the store uses. */
export interface RawLimit {
  /** One commit of one changed row. */
  readonly commitMs: number;
  /** Claim and complete of single rows, both in each transaction, `batch` rows at a time. */
  readonly claimAndCompletePerSecond: number;
}

/** Measures the raw limit: WAL, `synchronous=FULL`, prepared statements, nothing else. */
export function rawSqlite(batch: number): RawLimit {
  return onNewFile((db) => ({
    commitMs: commitMs(db),
    claimAndCompletePerSecond: claimAndComplete(db, batch),
  }));
}

/** `RawLimit.commitMs` alone, in a twentieth of a second. */
export function rawCommitMs(): number {
  return onNewFile(commitMs);
}

function onNewFile<T>(measure: (db: Database.Database) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'tasked-raw-'));
  const db = new Database(join(directory, 'raw.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  const measured = measure(db);
  db.close();
  rmSync(directory, { recursive: true });
  return measured;
}

function commitMs(db: Database.Database): number {
  db.exec('create table beat(id integer primary key, at integer)');
  const write = db.prepare('insert or replace into beat values (1, ?)');
  const times = Array.from({ length: 500 }, (_, at) => timed(() => write.run(at)));
  return median(times);
}

function claimAndComplete(db: Database.Database, batch: number): number {
  const jobs = 20_000;
  db.exec(`create table job(id integer primary key, state integer not null);
    create index ready on job(id) where state = 0`);
  const insert = db.prepare('insert into job(state) values (0)');
  db.transaction(() => {
    for (let job = 0; job < jobs; job++) insert.run();
  })();
  const claim = db.prepare<[number], { id: number }>(
    `update job set state = 1 where id in (select id from job where state = 0 order by id limit ?)
     returning id`,
  );
  const complete = db.prepare('update job set state = 2 where id = ? and state = 1');
  let running: { id: number }[] = [];
  const tick = db.transaction(() => {
    for (const job of running) complete.run(job.id);
    running = claim.all(batch);
    return running.length;
  });
  const ms = timed(() => {
    while (tick.immediate() > 0);
  });
  return jobs / (ms / 1_000);
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
