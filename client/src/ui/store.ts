// A value that says when it changed: how hosts/ hands the interface what is not the party's.

export interface Store<T> {
  readonly value: T;
  /** Calls back after every change; returns the unsubscriber. */
  subscribe(listener: () => void): () => void;
}

export class Cell<T> implements Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const listener of [...this.listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
