import { err, ok, type Result } from '../../../kernel/result.ts';
import { readInstructions } from './instructions.ts';
import { FUEL_EXPORT, meterWasm } from './meter-wasm.ts';
import { WasmBytes, type WasmFault, WasmRefused } from './wasm-bytes.ts';

const MOST_BYTES = 2 * 1024 * 1024;
/** Types, functions, exports and what else a section lists. */
const MOST_ENTRIES = 5_000;
const MOST_VALUES = 64;
/** Pages of 64 KiB: 16 MiB. */
const MOST_PAGES = 256;
const MOST_TABLE = 10_000;
const FUNC = 0x60;
const F64 = 0x7c;

/** What of a module matters to whoever runs it. */
export interface WasmModule {
  /** Numbers that `score` takes. */
  readonly values: number;
  /** Memory that the host has to create; null where it has its own or none. */
  readonly memory: { readonly initial: number; readonly maximum: number } | null;
  /** The module with a counter of its work, which alone is to be run. */
  readonly metered: Uint8Array;
}

interface Seen {
  types: (readonly number[] | null)[];
  functions: number[];
  memory: WasmModule['memory'];
  memories: number;
  score: number | null;
}

/**
 * Reads a module before anything of it is compiled: it may import one bounded memory and nothing else, has no start function, no shared or unbounded
 * memory, no vectors or threads, and exports `score`, which takes 1 to 64 numbers (f64) and gives one. Nothing of it runs here. What it says of sizes is not believed
 * beyond the bytes that are there. Source: issue "Models" (custom code as import-free WebAssembly with host-created bounded memory); models-and-audit.md §1.6.
 */
export function readWasm(bytes: Uint8Array): Result<WasmModule, { readonly fault: WasmFault; readonly place: string }> {
  try {
    return ok(read(bytes));
  } catch (error) {
    if (error instanceof WasmRefused) return err({ fault: error.fault, place: error.place });
    throw error;
  }
}

function read(bytes: Uint8Array): WasmModule {
  if (bytes.length > MOST_BYTES) throw new WasmRefused('too_large', 'module');
  const head = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  if (head.some((value, at) => bytes[at] !== value)) throw new WasmRefused('malformed', 'module');
  const module = new WasmBytes(bytes, head.length, bytes.length, 'module');
  const seen: Seen = { types: [], functions: [], memory: null, memories: 0, score: null };
  while (!module.isDone) {
    const id = module.byte();
    const section = module.part(module.u32(), 'section');
    readSection(id, section, seen);
  }
  const type = seen.score === null ? undefined : seen.types[seen.functions[seen.score] ?? -1];
  if (seen.score === null) throw new WasmRefused('export', 'export');
  if (type === undefined || type === null || type.length === 0 || type.length > MOST_VALUES) throw new WasmRefused('signature', 'export');
  return { values: type.length, memory: seen.memory, metered: meterWasm(bytes) };
}

function readSection(id: number, section: WasmBytes, seen: Seen): void {
  if (id === 1) seen.types.push(...each(section, () => readType(section)));
  else if (id === 2) for (const memory of each(section, () => readImport(section))) takeMemory(seen, memory, true);
  else if (id === 3) seen.functions.push(...each(section, () => section.u32()));
  else if (id === 4) each(section, () => readTable(section));
  else if (id === 5) for (const memory of each(section, () => readMemory(section))) takeMemory(seen, memory, false);
  else if (id === 7) each(section, () => readExport(section, seen));
  else if (id === 8) throw new WasmRefused('start', 'start');
  else if (id === 10) each(section, () => readBody(section.part(section.u32(), 'code')));
  // Names (0), globals (6), elements (9), data (11, 12) are looked at by the compiler: they can neither reach out nor grow.
  else if (![0, 6, 9, 11, 12].includes(id)) throw new WasmRefused('malformed', 'section');
}

/** Every entry of a vector; a count beyond the bytes that are there is malformed. */
function each<T>(section: WasmBytes, one: () => T): readonly T[] {
  const out: T[] = [];
  for (let left = section.count(MOST_ENTRIES); left > 0; left -= 1) out.push(one());
  if (!section.isDone) throw new WasmRefused('malformed', 'section');
  return out;
}

/** Parameters of a function from numbers (f64) to one; null for any other. */
function readType(section: WasmBytes): readonly number[] | null {
  if (section.byte() !== FUNC) throw new WasmRefused('malformed', 'type');
  const list = (): number[] => Array.from({ length: Math.min(section.u32(), 1_000) }, () => section.byte());
  const [parameters, results] = [list(), list()];
  return results.length === 1 && results[0] === F64 && parameters.every((type) => type === F64) ? parameters : null;
}

function readImport(section: WasmBytes): NonNullable<WasmModule['memory']> {
  const [module, name, kind] = [section.name(), section.name(), section.byte()];
  if (kind !== 2 || module !== 'env' || name !== 'memory') throw new WasmRefused('import', 'import');
  return readMemory(section);
}

function readMemory(section: WasmBytes): NonNullable<WasmModule['memory']> {
  // 1: with a maximum, not shared.
  if (section.byte() !== 1) throw new WasmRefused('memory', 'memory');
  const [initial, maximum] = [section.u32(), section.u32()];
  if (initial > maximum || maximum > MOST_PAGES) throw new WasmRefused('memory', 'memory');
  return { initial, maximum };
}

function takeMemory(seen: Seen, memory: NonNullable<WasmModule['memory']>, isImported: boolean): void {
  seen.memories += 1;
  if (seen.memories > 1) throw new WasmRefused('memory', 'memory');
  if (isImported) seen.memory = memory;
}

function readTable(section: WasmBytes): void {
  section.byte();
  const isBounded = section.byte();
  if (isBounded > 1) throw new WasmRefused('malformed', 'table');
  const size = Math.max(section.u32(), isBounded === 1 ? section.u32() : 0);
  if (size > MOST_TABLE) throw new WasmRefused('too_large', 'table');
}

function readExport(section: WasmBytes, seen: Seen): void {
  const [name, kind, index] = [section.name(), section.byte(), section.u32()];
  if (name === FUEL_EXPORT) throw new WasmRefused('export', 'export');
  if (name !== 'score') return;
  if (kind !== 0) throw new WasmRefused('export', 'export');
  seen.score = index;
}

function readBody(body: WasmBytes): void {
  let locals = 0;
  for (let groups = body.u32(); groups > 0; groups -= 1) {
    locals += body.u32();
    body.byte();
  }
  // The engine's own limit, parameters included, is 50,000.
  if (locals > 49_900) throw new WasmRefused('too_large', 'code');
  readInstructions(body, () => undefined);
}
