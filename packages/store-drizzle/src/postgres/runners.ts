import { type Logger, type NewRunner, type RunnerId, TaskedError } from '@tasked/core';
import { PRESENCE } from '../encoding/codes.ts';
import type { DatabaseClock } from './database-clock.ts';
import { Deaths, SERVER_START, type SeenRunner } from './deaths.ts';
import { BEATS_PER_LEASE, LOOKS_PER_LEASE } from './lease.ts';
import type { Line } from './line.ts';
import { lockClass } from './lock-class.ts';
import { newerVersion } from './migrate.ts';
import { readMigrations } from './migrations.ts';
import { THIS_PROCESS } from './process-identity.ts';

/** How often all runners together look for dead ones. */
export const LOOKS_PER_SECOND = 100;

/** So many may look whenever they want to. */
export const FEW = 50;

/** What the runners of a store need. */
export interface RunnersOptions {
  readonly schema: string;
  readonly leaseMs: number;
  /** Is set by the server's clock with every connection and every heartbeat. */
  readonly clock: DatabaseClock;
  readonly logger: Logger | undefined;
}

interface KnownRunner extends SeenRunner {
  readonly serverStartNow: number;
}

/**
 * The runners of one store: registers them, keeps them alive, and tells which of all others are dead. On a session
 * a lock for each says that it lives; everywhere its heartbeats do.
 */
export class Runners {
  readonly #options: RunnersOptions;
  readonly #lockClass: number;
  readonly #deaths: Deaths;
  readonly #version = readMigrations().length;
  /** Those of this store and the keys of their rows, which are the second numbers of their locks. */
  readonly #own = new Map<RunnerId, number>();
  #line: Line | null = null;
  #heart: NodeJS.Timeout | null = null;
  #beating = false;
  #count = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isSuspicious = false;

  constructor(options: RunnersOptions) {
    this.#options = options;
    this.#lockClass = lockClass('runner', options.schema);
    this.#deaths = new Deaths(options.leaseMs);
  }

  /** How many runners there are, this store's and all others, as far as it has looked. */
  get count(): number {
    return this.#count;
  }

  /** From now on they live on this line. */
  async liveOn(line: Line): Promise<void> {
    this.#line = line;
    const every = Math.max(1, this.#options.leaseMs / BEATS_PER_LEASE);
    this.#heart = setInterval(() => void this.#beat(), every).unref();
    await this.#writeBeats();
  }

  /** What a new session begins with, so that they are alive on it. */
  restore(): string {
    const keys = [...this.#own.values()];
    if (keys.length === 0) return '';
    const locks = keys.map((key) => `select pg_advisory_lock_shared(${this.#lockClass}, ${key});`);
    return `${locks.join('')} update @runner set server_start = ${SERVER_START_NOW}, beat = beat + 1
      where key in (${keys.join(', ')}) and server_start <> ${SERVER_START.closed};`;
  }

  /**
   * Registers a runner: it is alive until this store is closed. Throws `already_exists` for an id that is known,
   * `invalid_input` when the schema is from a newer version by now.
   */
  async register({ id, name, host, pid, registeredAt }: NewRunner): Promise<void> {
    const { isSession } = this.#up();
    const [row] = await this.#up().query<{ version: number; key: number | null }>(
      `with known as (
         insert into @runner (id, name, host, pid, registered_at, presence, server_start, process)
         select $1, $2, $3, $4, $5, ${PRESENCE.here}, ${isSession ? SERVER_START_NOW : SERVER_START.none}, $6
         from @schema_version where version = $7
         on conflict (id) do nothing returning key
       )
       select v.version, k.key ${isSession ? `, pg_advisory_lock_shared(${this.#lockClass}, k.key)` : ''}
       from @schema_version v left join known k on true`,
      [id, name, host, pid, registeredAt, THIS_PROCESS, this.#version],
    );
    if (row !== undefined && row.version !== this.#version) {
      throw newerVersion(this.#options.schema, row.version, this.#version);
    }
    if (row?.key == null) {
      throw new TaskedError('already_exists', `runner ${id} is known: register under a new id`);
    }
    this.#own.set(id, row.key);
  }

  /** The runner is one of this store no more. Ignores others. */
  async release(id: RunnerId): Promise<void> {
    const key = this.#own.get(id);
    if (key === undefined || !this.#own.delete(id)) return;
    if (!this.#up().isSession) return;
    const unlock = `select pg_advisory_unlock_shared(${this.#lockClass}, $1::int)`;
    await this.#up()
      .query(unlock, [key])
      .catch(() => null);
  }

  /** Runners, other than `observer`, that are provably dead, or have left attempts behind. */
  async lost(observer: RunnerId): Promise<readonly RunnerId[]> {
    if (!this.#isLookDue()) return [];
    const line = this.#up();
    const known = await line.query<KnownRunner>(
      `select r.id, r.presence, r.beat::double precision as beat, r.process, r.server_start as "serverStart",
         ${SERVER_START_NOW} as "serverStartNow",
         exists (
           select 1 from pg_locks l where l.locktype = 'advisory' and l.objsubid = 2 and l.granted
             and l.classid = $1::bigint::oid and l.objid = r.key::bigint::oid
             and l.database = (select oid from pg_database where datname = current_database())
         ) as locked
       from @runner r where r.presence > 0`,
      [this.#lockClass],
    );
    const others = known.filter(({ id }) => id !== observer && !this.#own.has(id));
    const serverStart = known[0]?.serverStartNow ?? SERVER_START.none;
    const upSince = line.upSince ?? Number.POSITIVE_INFINITY;
    const dead = this.#deaths.among(others, { serverStart, upSince, isSession: line.isSession });
    this.#count = known.length;
    this.#lookedAt = performance.now();
    this.#isSuspicious = dead.length > 0 || this.#deaths.isSomebodyAbsent;
    return dead.map(({ id }) => id);
  }

  /** Of many runners each looks less often, unless it saw something. */
  #isLookDue(): boolean {
    if (this.#isSuspicious || this.#count <= FEW) return true;
    const everyMs = Math.min(
      (this.#count / LOOKS_PER_SECOND) * 1_000,
      this.#options.leaseMs / LOOKS_PER_LEASE,
    );
    return performance.now() - this.#lookedAt >= everyMs;
  }

  /** Says that they are dead, if the server can be reached; else it shows. */
  async close(): Promise<void> {
    if (this.#heart !== null) clearInterval(this.#heart);
    const keys = [...this.#own.values()];
    if (keys.length === 0) return;
    const text = `update @runner set server_start = ${SERVER_START.closed} where key in (${keys.join(', ')})`;
    await this.#line?.query(text).catch(() => null);
  }

  async #beat(): Promise<void> {
    if (this.#beating || this.#line?.upSince === null) return;
    this.#beating = true;
    try {
      await this.#writeBeats();
    } catch (error) {
      this.#options.logger?.warn('a heartbeat could not be written', { error });
    } finally {
      this.#beating = false;
    }
  }

  #writeBeats(): Promise<void> {
    return this.#options.clock.measure(async () => {
      const [row] = await this.#up().query<{ now: number }>(
        `with beaten as (
           update @runner set beat = beat + 1
           where key in (select k::integer from json_array_elements_text($1::text::json) as k)
         )
         select ${NOW} as now`,
        [JSON.stringify([...this.#own.values()])],
      );
      return row?.now as number;
    });
  }

  #up(): Line {
    if (this.#line === null) throw new TaskedError('unavailable', 'the store is not open yet');
    return this.#line;
  }
}

const NOW = '(extract(epoch from clock_timestamp()) * 1000)::double precision';
const SERVER_START_NOW = 'extract(epoch from pg_postmaster_start_time())::double precision';
