/** Where contenders keep their data: each its own database, directory or Redis database. */
export interface Place {
  /** A PostgreSQL database that is the contender's alone. */
  readonly postgresUrl: string;
  /** A directory that is the contender's alone. */
  readonly directory: string;
  /** Null where there is no Redis. */
  readonly redisPort: number | null;
}

/** A queue: nothing limits the wide one but the runner's slots, ten jobs at once the narrow one, wherever they run. */
export type Lane = 'wide' | 'narrow';

/** How many jobs of the narrow lane may run at once. */
export const NARROW = 10;

/** What a runner is told. */
export interface RunnerSettings {
  /** Jobs at once. */
  readonly slots: number;
  /** What a job does; called once for each. */
  readonly work: () => Promise<void> | undefined;
}

/** One way to run jobs durably, behind the few verbs that all of them have. */
export interface Contender {
  /** Stores jobs; resolves once they are durable. */
  enqueue(jobs: number, lane: Lane): Promise<void>;
  /** Runs jobs of both lanes in this process from now on. */
  start(runner: RunnerSettings): Promise<void>;
  /** Resolves when everything that was enqueued here has ended durably, whoever ran it. */
  settled(): Promise<void>;
  /** Runs `length` steps, each after the one before; needs a started runner. Resolves when the last has ended. */
  chain(length: number): Promise<void>;
  /** Runs one step, then `width` side by side, then one that joins them. Resolves when the last has ended. */
  fan(width: number): Promise<void>;
  /** Stops the runner, if there is one, and lets go of everything. */
  stop(): Promise<void>;
}

/** What a contender is, for the report, and how it is made. */
export interface Candidate {
  readonly title: string;
  /** The package whose version is told; null for this repository. */
  readonly packageName: string | null;
  readonly keepsIn: 'PostgreSQL' | 'SQLite' | 'Redis';
  /** How many jobs the throughput is measured with: fewer where they are slow. */
  readonly jobs: number;
  /** How it is set up for speed, and who recommends it. */
  readonly settings: string;
  /** How it does chains and joins. */
  readonly chains: string;
  /** Whether one queue can be limited across runners. */
  readonly limits: boolean;
  /** How many submits (b) is measured with: fewer where they are slow. */
  readonly samples: number;
  /** After which time, with its defaults, the job of a killed process runs again, and who says so; null: measured. */
  readonly restart: string | null;
  /** What it is measured with: all, all but several runners, or, for what shows another way, (a) or (d) alone. */
  readonly scope: 'everything' | 'one runner' | 'throughput' | 'fan';
  /** Connects, making tables where there are none. */
  open(place: Place): Promise<Contender>;
}
