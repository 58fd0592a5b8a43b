/** What is known of an entry beside its sketch. */
export interface EntryFacts {
  readonly seq: number;
  readonly job: string;
  readonly unitType: string;
  readonly namespace: string;
  readonly family: string;
  readonly state: string;
}

const STATES = ['dropped', 'reserved', 'released'];

/** An entry table as plain data and numbers, to be kept in a file. */
export interface TableImage {
  readonly jobs: readonly string[];
  readonly kinds: readonly (readonly [unitType: string, namespace: string, family: string])[];
  /** By row, in order of registration. */
  readonly seqs: Float64Array;
  readonly jobOf: Uint32Array;
  readonly kindOf: Uint32Array;
  readonly stateOf: Uint8Array;
}

/**
 * Facts of a million entries in columns: jobs and kinds of figures by their number, rows in order of registration. An
 * entry that was dropped keeps its row and is not found. Source: ADR 0025.
 */
export class EntryTable {
  readonly #jobs = new Names<string>();
  readonly #kinds = new Names<readonly [string, string, string]>();
  #seqs: Float64Array = new Float64Array(1024);
  #jobOf: Uint32Array = new Uint32Array(1024);
  #kindOf: Uint32Array = new Uint32Array(1024);
  #stateOf: Uint8Array = new Uint8Array(1024);
  #length = 0;
  #size = 0;

  /** Entries that are not dropped. */
  get size(): number {
    return this.#size;
  }

  has(seq: number): boolean {
    const row = this.#rowOf(seq);
    return row !== undefined && this.#stateOf[row] !== 0;
  }

  get(seq: number): EntryFacts | undefined {
    const row = this.#rowOf(seq);
    return row === undefined || this.#stateOf[row] === 0 ? undefined : this.#factsOf(row);
  }

  /** Takes an entry that is new or changed. Throws where new ones do not come in order, and on an unknown state. */
  set(entry: EntryFacts): void {
    const state = STATES.indexOf(entry.state);
    if (state < 0) throw new Error('A ledger entry has an unknown state');
    const row = this.#rowOf(entry.seq) ?? this.#add(entry);
    this.#size += (state === 0 ? 0 : 1) - (this.#stateOf[row] === 0 ? 0 : 1);
    this.#stateOf[row] = state;
  }

  /** Number of the last row, dropped or not; 0 where there is none. */
  get last(): number {
    return this.#length === 0 ? 0 : (this.#seqs[this.#length - 1] ?? 0);
  }

  /** Reserved, then released entries but some: how many, the sum of their numbers, and of `seq × (seq mod 1021)`. */
  sums(except: ReadonlySet<number>): string {
    const found = [1, 2].map(() => [0, 0, 0]);
    for (let row = 0; row < this.#length; row += 1) {
      const sums = found[(this.#stateOf[row] ?? 0) - 1];
      const seq = this.#seqs[row] ?? 0;
      if (sums === undefined || except.has(seq)) continue;
      for (const [at, term] of [1, seq, seq * (seq % 1021)].entries()) sums[at] = (sums[at] ?? 0) + term;
    }
    return JSON.stringify(found);
  }

  /** In order of registration, those that are not dropped. */
  *all(): Generator<EntryFacts> {
    for (let row = 0; row < this.#length; row += 1) if (this.#stateOf[row] !== 0) yield this.#factsOf(row);
  }

  /** A copy: what is added later is not in it. */
  image(): TableImage {
    const rows = this.#length;
    return {
      jobs: [...this.#jobs.values],
      kinds: [...this.#kinds.values],
      seqs: this.#seqs.slice(0, rows),
      jobOf: this.#jobOf.slice(0, rows),
      kindOf: this.#kindOf.slice(0, rows),
      stateOf: this.#stateOf.slice(0, rows),
    };
  }

  /** The table that an image was taken of; it takes the arrays over. Throws where they do not fit together. */
  static of({ jobs, kinds, seqs, jobOf, kindOf, stateOf }: TableImage): EntryTable {
    const table = new EntryTable();
    const rows = seqs.length;
    if ([jobOf, kindOf, stateOf].some((column) => column.length !== rows)) throw new Error('Columns of an image differ');
    for (const job of jobs) table.#jobs.numberOf(job, job);
    for (const kind of kinds) table.#kinds.numberOf(JSON.stringify(kind), kind);
    for (let row = 0; row < rows; row += 1) {
      const isOrdered = row === 0 || (seqs[row] ?? 0) > (seqs[row - 1] ?? 0);
      const isKnown = (jobOf[row] ?? 0) < jobs.length && (kindOf[row] ?? 0) < kinds.length && (stateOf[row] ?? 0) < STATES.length;
      if (!isOrdered || !isKnown) throw new Error('A row of an image is none');
      if (stateOf[row] !== 0) table.#size += 1;
    }
    table.#length = rows;
    [table.#seqs, table.#jobOf, table.#kindOf, table.#stateOf] = [seqs, jobOf, kindOf, stateOf];
    return table;
  }

  #factsOf(row: number): EntryFacts {
    const [unitType = '', namespace = '', family = ''] = this.#kinds.values[this.#kindOf[row] ?? 0] ?? [];
    const job = this.#jobs.values[this.#jobOf[row] ?? 0] ?? '';
    return { seq: this.#seqs[row] ?? 0, job, unitType, namespace, family, state: STATES[this.#stateOf[row] ?? 0] ?? '' };
  }

  #add({ seq, job, unitType, namespace, family }: EntryFacts): number {
    const row = this.#length;
    if (row > 0 && !(seq > (this.#seqs[row - 1] ?? 0))) throw new Error('Entries come in order of registration');
    if (row === this.#seqs.length) this.#grow(Math.ceil(row * 1.5) + 1024);
    this.#seqs[row] = seq;
    this.#jobOf[row] = this.#jobs.numberOf(job, job);
    this.#kindOf[row] = this.#kinds.numberOf(JSON.stringify([unitType, namespace, family]), [unitType, namespace, family]);
    this.#stateOf[row] = 0;
    this.#length += 1;
    return row;
  }

  #rowOf(seq: number): number | undefined {
    let [low, high] = [0, this.#length - 1];
    // What is asked for most is the newest.
    if (high >= 0 && seq > (this.#seqs[high] ?? 0)) return undefined;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#seqs[middle] ?? 0;
      if (found === seq) return middle;
      if (found < seq) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #grow(room: number): void {
    const [seqs, jobOf, kindOf, stateOf] = [new Float64Array(room), new Uint32Array(room), new Uint32Array(room), new Uint8Array(room)];
    seqs.set(this.#seqs);
    jobOf.set(this.#jobOf);
    kindOf.set(this.#kindOf);
    stateOf.set(this.#stateOf);
    [this.#seqs, this.#jobOf, this.#kindOf, this.#stateOf] = [seqs, jobOf, kindOf, stateOf];
  }
}

/** Values by number, in the order they came. */
class Names<T> {
  readonly values: T[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string, value: T): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.values.length);
    return this.values.push(value) - 1;
  }
}
