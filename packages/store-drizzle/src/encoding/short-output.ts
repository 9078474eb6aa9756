/**
 * Most characters of an output that is stored in the row of its task, which is written with it anyway. The next version
 * of the row is to find room beside it.
 */
const MOST_WITH_TASK = 200;

/** True for an output, as JSON, that stands in the row of its task; a longer one has a row of its own. */
export function isShortOutput(json: string): boolean {
  return json.length <= MOST_WITH_TASK;
}
