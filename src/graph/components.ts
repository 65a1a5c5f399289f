import type { Before } from "./dag.ts";

/** A node on the stack of the walk, and how far its edges have been followed. */
interface Frame<N> {
  readonly node: N;
  readonly edges: readonly N[];
  next: number;
}

/**
 * The strongly connected components of more than one node, or of one that needs itself: what holds every cycle.
 * Tarjan's algorithm without recursion, linear.
 */
export function cyclicComponents<N extends string>(before: Before<N>): readonly (readonly N[])[] {
  return new Walk(before).components();
}

class Walk<N extends string> {
  readonly #before: Before<N>;
  readonly #index = new Map<N, number>();
  readonly #low = new Map<N, number>();
  readonly #open = new Set<N>();
  readonly #stack: N[] = [];
  readonly #found: N[][] = [];

  constructor(before: Before<N>) {
    this.#before = before;
  }

  components(): readonly (readonly N[])[] {
    for (const node of this.#before.keys()) {
      if (!this.#index.has(node)) this.#visit(node);
    }
    return this.#found;
  }

  #visit(root: N): void {
    const frames = [this.#enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const each = frame.edges[frame.next];
      frame.next += 1;
      if (each === undefined) {
        frames.pop();
        this.#leave(frame, frames.at(-1)?.node);
      } else if (!this.#index.has(each)) {
        frames.push(this.#enter(each));
      } else if (this.#open.has(each)) {
        this.#lower(frame.node, this.#index.get(each) ?? 0);
      }
    }
  }

  #enter(node: N): Frame<N> {
    const index = this.#index.size;
    this.#index.set(node, index);
    this.#low.set(node, index);
    this.#open.add(node);
    this.#stack.push(node);
    const edges = [...(this.#before.get(node) ?? [])].filter((each) => this.#before.has(each));
    return { node, edges, next: 0 };
  }

  #leave({ node, edges }: Frame<N>, parent: N | undefined): void {
    const low = this.#low.get(node) ?? 0;
    if (parent !== undefined) this.#lower(parent, low);
    if (low !== this.#index.get(node)) return;
    const members: N[] = [];
    for (let each = this.#stack.pop(); each !== undefined; each = this.#stack.pop()) {
      this.#open.delete(each);
      members.push(each);
      if (each === node) break;
    }
    if (members.length > 1 || edges.includes(node)) this.#found.push(members);
  }

  #lower(node: N, low: number): void {
    if (low < (this.#low.get(node) ?? 0)) this.#low.set(node, low);
  }
}
