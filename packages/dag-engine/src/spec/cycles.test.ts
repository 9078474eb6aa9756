import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Edges, findCycles } from './cycles.ts';

const graph = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), {
    minLength: size,
    maxLength: size,
  }),
);

/** Every pair that can reach each other, by the plainest way there is. */
function reach(edges: Edges): readonly (readonly boolean[])[] {
  const reaches = edges.map((to) => edges.map((_, node) => to.includes(node)));
  for (const via of edges.keys()) {
    for (const from of edges.keys()) {
      for (const to of edges.keys()) {
        reaches[from]![to] ||= reaches[from]![via]! && reaches[via]![to]!;
      }
    }
  }
  return reaches;
}

/** The lowest node of each knot, by reachability. */
function knots(edges: Edges): readonly number[] {
  const reaches = reach(edges);
  const mates = (node: number) =>
    [...edges.keys()].filter((other) => reaches[node]![other] && reaches[other]![node]);
  const lowest = [...edges.keys()].filter((node) => {
    const others = mates(node).filter((other) => other !== node);
    return others.length > 0 && others.every((other) => other > node);
  });
  return lowest;
}

describe('findCycles', () => {
  test('finds one cycle of every knot, exactly where reachability says there is one', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const cycles = findCycles(edges);
        expect(cycles.map(([first]) => first)).toEqual(knots(edges));
        for (const cycle of cycles) {
          expect(new Set(cycle).size).toBe(cycle.length);
          for (const [place, node] of cycle.entries()) {
            expect(edges[node]).toContain(cycle[(place + 1) % cycle.length]);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('shows the shortest cycle through the lowest node of a knot', () => {
    expect(findCycles([[1], [2, 3], [3], [0]])).toEqual([[0, 1, 3]]);
  });

  test('a node that points to itself is no cycle', () => {
    expect(findCycles([[0], [0, 1]])).toEqual([]);
  });

  test('follows 100,000 nodes in a row', () => {
    const ring = Array.from({ length: 100_000 }, (_, node) => [(node + 1) % 100_000]);
    expect(findCycles(ring)[0]).toHaveLength(100_000);
    expect(findCycles(ring.with(99_999, []))).toEqual([]);
  });
});
