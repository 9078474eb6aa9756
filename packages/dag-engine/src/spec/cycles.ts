import { stronglyConnected } from './strongly-connected.ts';

/** For each node the nodes that it points to. */
export type Edges = readonly (readonly number[])[];

/**
 * One cycle, as short as can be through its lowest node, of every knot of nodes that can reach each
 * other. Each begins with that node and is ordered along the edges. A node that points to itself is no
 * cycle here.
 */
export function findCycles(edges: Edges): readonly (readonly number[])[] {
  return stronglyConnected(edges)
    .map((knot) => shortestCycle(edges, knot))
    .sort(([a = 0], [b = 0]) => a - b);
}

/** Breadth first from the lowest node of the knot, back to it. */
function shortestCycle(edges: Edges, knot: readonly number[]): readonly number[] {
  const inside = new Set(knot);
  const start = knot.reduce((lowest, node) => Math.min(lowest, node));
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (const node of queue) {
    for (const next of edges[node] ?? []) {
      if (next === start && node !== start) return trail(cameFrom, node);
      if (!inside.has(next) || next === start || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return [start];
}

function trail(cameFrom: ReadonlyMap<number, number>, last: number): readonly number[] {
  const nodes: number[] = [];
  for (let node: number | undefined = last; node !== undefined; node = cameFrom.get(node)) {
    nodes.push(node);
  }
  return nodes.reverse();
}
