import type { Database } from './database.ts';
import { HeldRows } from './held-rows.ts';
import { KnownTasks } from './known-tasks.ts';
import { StandingClaims } from './standing-claims.ts';
import { UnansweredClaims } from './unanswered-claims.ts';

/** What one store remembers of the claims of its runners, whether ticks or creations of flows fulfilled them. */
export class Claims {
  readonly db: Database;
  readonly tasks: KnownTasks;
  readonly held = new HeldRows();
  readonly standing = new StandingClaims();
  readonly unanswered: UnansweredClaims;

  constructor(db: Database) {
    this.db = db;
    this.tasks = new KnownTasks(db);
    this.unanswered = new UnansweredClaims(db);
  }
}
