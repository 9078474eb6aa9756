import { expect, it } from 'vitest';
import { HeldRows } from './held-rows.ts';

it('a row is empty once all of it has ended, and is given to one tick alone', () => {
  const rows = new HeldRows();
  rows.claimed('us', 7, 2);
  rows.ended(7);
  expect(rows.takeEmpty('us')).toEqual({ reuse: null, empty: [] });
  rows.ended(7);
  expect(rows.takeEmpty('us')).toEqual({ reuse: 7, empty: [] });
  expect(rows.takeEmpty('us')).toEqual({ reuse: null, empty: [] });
});

it('one row is used again, the others are superfluous', () => {
  const rows = new HeldRows();
  for (const row of [1, 2, 3]) {
    rows.claimed('us', row, 1);
    rows.ended(row);
  }
  expect(rows.takeEmpty('us')).toEqual({ reuse: 1, empty: [2, 3] });
});

it('a row that was not used is there for the next tick; runners have rows of their own', () => {
  const rows = new HeldRows();
  rows.claimed('us', 1, 1);
  rows.claimed('them', 2, 1);
  rows.ended(1);
  rows.ended(2);
  const { reuse } = rows.takeEmpty('us');
  rows.putBack('us', reuse as number);
  expect(rows.takeEmpty('us')).toEqual({ reuse: 1, empty: [] });
  expect(rows.takeEmpty('them')).toEqual({ reuse: 2, empty: [] });
});

it('what was claimed elsewhere is of no row here', () => {
  const rows = new HeldRows();
  rows.ended(5);
  expect(rows.takeEmpty('us')).toEqual({ reuse: null, empty: [] });
});
