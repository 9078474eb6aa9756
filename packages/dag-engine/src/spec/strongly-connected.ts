import type { Edges } from './cycles.ts';

/**
 * The sets of two or more nodes that can all reach each other (Tarjan 1972), without recursion: a chain
 * of 10,000 nodes would overflow the stack. Takes time in proportion to nodes and edges.
 */
export function stronglyConnected(edges: Edges): readonly (readonly number[])[] {
  const search = new Search(edges);
  for (let node = 0; node < edges.length; node++) search.from(node);
  return search.components;
}

/** A node on the way down, and which of its edges comes next. */
interface Frame {
  readonly node: number;
  edge: number;
}

class Search {
  readonly components: number[][] = [];
  readonly #edges: Edges;
  /** When each node was reached, from 1; 0: not yet. */
  readonly #reached: Uint32Array;
  /** The earliest open node that each one can reach. */
  readonly #low: Uint32Array;
  readonly #isOpen: Uint8Array;
  readonly #open: number[] = [];
  #clock = 0;

  constructor(edges: Edges) {
    this.#edges = edges;
    this.#reached = new Uint32Array(edges.length);
    this.#low = new Uint32Array(edges.length);
    this.#isOpen = new Uint8Array(edges.length);
  }

  from(root: number): void {
    if (this.#reached[root] !== 0) return;
    const path: Frame[] = [this.#enter(root)];
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const next = this.#edges[frame.node]?.[frame.edge];
      frame.edge += 1;
      if (next === undefined) {
        path.pop();
        this.#leave(frame.node, path.at(-1)?.node);
      } else if (this.#reached[next] === 0) {
        path.push(this.#enter(next));
      } else if (this.#isOpen[next] === 1) {
        this.#lower(frame.node, this.#reached[next] as number);
      }
    }
  }

  #enter(node: number): Frame {
    this.#clock += 1;
    this.#reached[node] = this.#clock;
    this.#low[node] = this.#clock;
    this.#isOpen[node] = 1;
    this.#open.push(node);
    return { node, edge: 0 };
  }

  #leave(node: number, parent: number | undefined): void {
    const low = this.#low[node] as number;
    if (parent !== undefined) this.#lower(parent, low);
    if (low !== this.#reached[node]) return;
    const component = this.#open.splice(this.#open.lastIndexOf(node));
    for (const member of component) this.#isOpen[member] = 0;
    if (component.length > 1) this.components.push(component);
  }

  #lower(node: number, reached: number): void {
    this.#low[node] = Math.min(this.#low[node] as number, reached);
  }
}
