import type { Round } from '../figure.ts';
import type { CandidateName } from './candidates.ts';
import type { GrowthFigureName } from './growth.ts';
import type { RawFigureName } from './raw-limits.ts';
import type { WorkName } from './works.ts';

/** What one contender did in one round: works, and the narrow queue. */
export type Figures = Readonly<Partial<Record<WorkName | 'narrowMost' | 'narrowRate', number>>>;

/** One round of everybody. */
export interface ComparisonRound {
  readonly contenders: Readonly<Partial<Record<CandidateName, Figures>>>;
  readonly raw: Round<RawFigureName>;
  readonly growth: Round<GrowthFigureName>;
  /** From the kill of our runner to the next start of its task. */
  readonly killedMs: number;
}

/** What the comparison found, and with what. */
export interface Comparison {
  readonly machine: string;
  /** PostgreSQL, Redis: versions and settings, or that they are not there. */
  readonly servers: readonly string[];
  /** Of the packages that were compared. */
  readonly versions: Readonly<Partial<Record<CandidateName, string>>>;
  /** From the loss of a host of ours to the next start of its task; once, since it takes a lease. */
  readonly lostHostMs: number;
  /** Who failed at what, and was left out from then on. */
  readonly failures: readonly string[];
  readonly rounds: readonly ComparisonRound[];
}
