import type { Store } from '@tasked/core';
import { play, windUp } from './play.ts';
import { type Records, readRecords } from './records.ts';
import type { Sequence } from './sequence.ts';
import { Stage } from './stage.ts';

/**
 * Plays a sequence against a store and the model side by side; rejects at the first difference. Returns
 * what the store had in the end. `tag` makes every id unique in the store.
 */
export async function replay(
  store: Store,
  sequence: Sequence,
  tag: string,
): Promise<readonly Records[]> {
  const stage = new Stage(store, tag);
  await stage.setUp(sequence);
  for (const command of sequence.commands) await play(stage, command);
  const records = await readRecords(stage);
  await windUp(stage);
  return records;
}
