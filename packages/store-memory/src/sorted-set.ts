// The named export: what a default import of this CommonJS module is differs between Node and bundlers.
import { BTreeEx } from 'sorted-btree/extended/index.js';

/**
 * Items in the order of their places. Adding, deleting and finding take logarithmic time. An item's
 * place MUST NOT change while it is in the set.
 */
export class SortedSet<Place, Item extends Place> {
  readonly #tree: BTreeEx<Place, Item>;

  constructor(compare: (a: Place, b: Place) => number) {
    this.#tree = new BTreeEx<Place, Item>([], compare);
  }

  get size(): number {
    return this.#tree.size;
  }

  add(item: Item): void {
    this.#tree.set(item, item);
  }

  delete(item: Item): void {
    this.#tree.delete(item);
  }

  first(): Item | undefined {
    return this.#tree.nextHigherPair(undefined)?.[1];
  }

  firstAfter(place: Place): Item | undefined {
    return this.#tree.nextHigherPair(place)?.[1];
  }

  /** Upwards from `item`. The set MUST NOT change meanwhile. */
  from(item: Item): Iterable<Item> {
    return this.#tree.values(item);
  }

  /** Downwards, from below `place`, or from the last. The set MUST NOT change meanwhile. */
  *downwards(place?: Place): Iterable<Item> {
    for (const [, item] of this.#tree.entriesReversed(place, undefined, true)) yield item;
  }
}
