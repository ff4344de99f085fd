// Reads the fields of one JSON object that a server sent. Every method returns a value of its type,
// whatever stands there; the first field that is not what it should be is kept as the fault.

/** Positions are seconds within a day (P-TIME-4). */
const POSITION_SECONDS_MAX = 86_400;
/** Times are milliseconds below 2^53 (P-TIME-2). */
const TS_MAX = 2 ** 53;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HEX_ID = /^[0-9a-f]{32}$/;

/** The first fault found in one message, shared by the readers of its nested objects. */
export class Faults {
  #first: string | null = null;

  get first(): string | null {
    return this.#first;
  }

  add(fault: string): void {
    this.#first ??= fault;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class Reader {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #faults: Faults;

  constructor(value: unknown, path: string, faults: Faults) {
    this.#object = isObject(value) ? value : {};
    this.#path = path;
    this.#faults = faults;
    if (!isObject(value)) faults.add(`${path}: no object`);
  }

  /** Null and absent are the same. */
  has(name: string): boolean {
    return this.#at(name) !== null;
  }

  text(name: string): string {
    const value = this.#at(name);
    return typeof value === 'string' ? value : this.#fault(name, 'no text', '');
  }

  boolean(name: string): boolean {
    const value = this.#at(name);
    return typeof value === 'boolean' ? value : this.#fault(name, 'no boolean', false);
  }

  number(name: string, min = -Number.MAX_VALUE, max = Number.MAX_VALUE): number {
    const value = this.#at(name);
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return this.#fault(name, 'no number in range', 0);
  }

  /** Milliseconds since the epoch. */
  time(name: string): number {
    const value = this.number(name, 0, TS_MAX);
    return value < TS_MAX ? value : this.#fault(name, 'no time', 0);
  }

  positionSeconds(name: string): number {
    return this.number(name, 0, POSITION_SECONDS_MAX);
  }

  /** A whole number from 0 on. */
  count(name: string): number {
    const value = this.#at(name);
    if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
    return this.#fault(name, 'no count', 0);
  }

  uuid(name: string): string {
    const value = this.text(name);
    return UUID.test(value) ? value : this.#fault(name, 'no UUID', '');
  }

  hexId(name: string): string {
    const value = this.text(name);
    return HEX_ID.test(value) ? value : this.#fault(name, 'no 32 hex digits', '');
  }

  oneOf<const Name extends string>(name: string, names: readonly [Name, ...Name[]]): Name {
    const value = this.#at(name);
    const known = names.find((each) => each === value);
    return known ?? this.#fault(name, 'no known name', names[0]);
  }

  /** What `read` makes of it, or null if it is not there. */
  optional<T>(name: string, read: (reader: this, name: string) => T): T | null {
    return this.has(name) ? read(this, name) : null;
  }

  object(name: string): Reader {
    return new Reader(this.#at(name), this.#place(name), this.#faults);
  }

  /** Each element of an array, an object. */
  objects<T>(name: string, read: (element: Reader) => T): T[] {
    return this.#array(name).map((element, index) =>
      read(new Reader(element, `${this.#place(name)}[${index}]`, this.#faults)),
    );
  }

  texts(name: string): string[] {
    return this.#array(name).map((element) =>
      typeof element === 'string' ? element : this.#fault(name, 'no texts', ''),
    );
  }

  uuids(name: string): string[] {
    return this.texts(name).map((text) =>
      UUID.test(text) ? text : this.#fault(name, 'no UUIDs', ''),
    );
  }

  #array(name: string): readonly unknown[] {
    const value = this.#at(name);
    return Array.isArray(value) ? value : this.#fault(name, 'no array', []);
  }

  #at(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? (this.#object[name] ?? null) : null;
  }

  #place(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #fault<T>(name: string, what: string, value: T): T {
    this.#faults.add(`${this.#place(name)}: ${what}`);
    return value;
  }
}
