import { TaskedError } from '../errors.ts';
import type { EpochMs, Owner } from '../ids.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { isExpired } from './expiry.ts';
import { decodeCursor, encodeCursor, type ListPlace } from './list-cursor.ts';
import type { Task } from './task.ts';
import type { TaskStatus } from './task-status.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** Which tasks of an owner to list. */
export interface TaskListing {
  /** Omitted: every status. */
  readonly status?: TaskStatus;
  /** At most so many, from 1 to 1,000; 100 if omitted. */
  readonly limit?: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** One page of a list. */
export interface ListedTasks {
  readonly tasks: readonly Task[];
  /** Where the next page begins; null when this is the last. */
  readonly nextCursor: string | null;
}

/** A page of the tasks that an owner has at `now`, newest first. */
export async function listTasks(
  store: TaskStore,
  owner: Owner,
  { status, limit = DEFAULT_LIMIT, cursor, now }: TaskListing & { readonly now: EpochMs },
): Promise<ListedTasks> {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new TaskedError('invalid_input', `limit is not a whole number from 1 to ${MAX_LIMIT}`);
  }
  const query = { owner, ...(status !== undefined && { status }) };
  const found: Task[] = [];
  let after = cursor === undefined ? undefined : placeOf(cursor);
  // One more than asked for tells whether there is a next page; what is over does not count.
  while (found.length <= limit) {
    const room = limit + 1 - found.length;
    const page = await store.listTasks({ ...query, ...(after && { after }), limit: room });
    found.push(...page.filter((task) => task.owner === owner && !isExpired(task, now)));
    const last = page.at(-1);
    if (last === undefined || page.length < room) break;
    after = last;
  }
  const tasks = found.slice(0, limit);
  const last = tasks.at(-1);
  return { tasks, nextCursor: found.length > limit && last ? encodeCursor(last) : null };
}

function placeOf(cursor: string): ListPlace {
  const place = decodeCursor(cursor);
  if (place !== null) return place;
  throw new TaskedError('invalid_input', 'the cursor is none of ours: begin without one');
}
