import type { CandidateName } from './candidates.ts';
import type { WorkName } from './works.ts';

/** What one contender did in one round. */
export type Figures = Readonly<Partial<Record<WorkName, number>>>;

/** One round of everybody. */
export type ComparisonRound = Readonly<Partial<Record<CandidateName, Figures>>>;

/** What the comparison found, and with what. */
export interface Comparison {
  readonly machine: string;
  /** PostgreSQL, Redis: versions and settings. */
  readonly servers: readonly string[];
  /** Of the packages that were compared. */
  readonly versions: Readonly<Partial<Record<CandidateName, string>>>;
  readonly rounds: readonly ComparisonRound[];
}
