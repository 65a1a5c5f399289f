/**
 * What is made while a stack file is loaded. It lives under one global symbol, because two copies of this module may
 * be loaded (the command line's and the one a stack imports) and must number and see the same resources.
 */

/** Anything that was made while a stack file was loaded: a resource, a component, a stack. */
export interface Made {
  readonly "~orbform": string;
}

interface Registry {
  next: number;
  made: Made[] | undefined;
}

const REGISTRY = Symbol.for("orbform.registry");

/** A resource id, unique in this process. It never leaves it: state and plans speak of addresses. */
export function nextRid(): string {
  const found = registry();
  found.next += 1;
  return `r${found.next}`;
}

/** Notes that something was made; kept only between {@link beginRecording} and {@link endRecording}. */
export function record(made: Made): void {
  registry().made?.push(made);
}

/** Starts to note what is made. One recording at a time in a process: the caller sees to that. */
export function beginRecording(): void {
  registry().made = [];
}

/** Ends the recording and gives what was made since, in the order it was made. */
export function endRecording(): readonly Made[] {
  const found = registry();
  const made = found.made ?? [];
  found.made = undefined;
  return made;
}

function registry(): Registry {
  const found: unknown = Reflect.get(globalThis, REGISTRY);
  if (isRegistry(found)) return found;
  const made: Registry = { next: 0, made: undefined };
  Reflect.set(globalThis, REGISTRY, made);
  return made;
}

function isRegistry(value: unknown): value is Registry {
  return typeof value === "object" && value !== null && "next" in value;
}
