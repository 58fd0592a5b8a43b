import { type Instruction, readInstructions } from './instructions.ts';
import { WasmBytes, WasmRefused } from './wasm-bytes.ts';

/** Instructions that a module may carry out for one row: what an ONNX file may need. */
export const MOST_INSTRUCTIONS = 2_000_000;
/** The export that tells what is left; below zero where a row took more. */
export const FUEL_EXPORT = 'sluice.fuel';

const [LOOP, BLOCK, IF, END, GLOBAL_GET, GLOBAL_SET, GROW] = [0x03, 0x02, 0x04, 0x0b, 0x23, 0x24, 0x40];
const [GLOBALS, EXPORTS, CODE, NAMES] = [6, 7, 10, 0];
const [I64, MUTABLE, I64_CONST, KIND_GLOBAL] = [0x7e, 0x01, 0x42, 0x03];
/** What one instruction counts for that may touch all of the memory: 256 bytes stand for one. */
const WHOLE_MEMORY = 65_536;
/** A call and a local take room on a stack whose size is the machine's: they count for so many that the counter ends before the stack does. */
const [CALL, LOCAL] = [400, 32];
/** Loops of one function, and bytes of all code with the counter in it: a loop of three bytes becomes one of twenty. */
const [MOST_LOOPS, MOST_METERED] = [20_000, 4 * 1024 * 1024];

interface Section {
  readonly id: number;
  readonly from: number;
  readonly end: number;
}

/**
 * The module with a counter built in: a number that is set at the start of a row, taken from at the entry of every function and at every turn of a loop by as many as
 * there are instructions until the next such place, and a trap where it falls below zero. Between two such places no instruction runs twice, so that the work of a row is
 * bounded, and the same on every machine. A call counts as 400, a local as 32, what may touch all of the memory as 65,536. The module cannot name the counter: its own
 * globals end before it. To be called for a module that was read; throws WasmRefused. Source: issue "Models" (a work limit); Own design: ADR 0046.
 */
export function meterWasm(bytes: Uint8Array): Uint8Array {
  const sections = sectionsOf(bytes);
  const own = sections.find(({ id }) => id === GLOBALS);
  const globals = own === undefined ? 0 : new WasmBytes(bytes, own.from, own.end, 'global').u32();
  const out: number[][] = [[...bytes.subarray(0, 8)]];
  const counter = [I64, MUTABLE, I64_CONST, ...signed(MOST_INSTRUCTIONS), END];
  const put = (id: number, body: readonly number[]): void => void out.push([id, ...unsigned(body.length), ...body]);
  let isSet = false;
  for (const section of sections) {
    if (section.id === NAMES) continue;
    if (!isSet && section.id >= GLOBALS) {
      isSet = true;
      put(GLOBALS, own === undefined ? [1, ...counter] : longer(bytes, own, counter));
    }
    if (section.id === GLOBALS) continue;
    if (section.id === EXPORTS) put(EXPORTS, longer(bytes, section, [...named(FUEL_EXPORT), KIND_GLOBAL, ...unsigned(globals)]));
    else if (section.id === CODE) put(CODE, meteredCode(bytes, section, globals));
    else put(section.id, [...bytes.subarray(section.from, section.end)]);
  }
  return Uint8Array.from(out.flat());
}

function sectionsOf(bytes: Uint8Array): readonly Section[] {
  const module = new WasmBytes(bytes, 8, bytes.length, 'module');
  const found: Section[] = [];
  while (!module.isDone) {
    const id = module.byte();
    const length = module.u32();
    const from = module.at;
    module.skip(length);
    found.push({ id, from, end: from + length });
  }
  return found;
}

/** A vector with one entry more. */
function longer(bytes: Uint8Array, { from, end }: Section, entry: readonly number[]): readonly number[] {
  const section = new WasmBytes(bytes, from, end, 'section');
  const count = section.u32();
  return [...unsigned(count + 1), ...bytes.subarray(section.at, end), ...entry];
}

function meteredCode(bytes: Uint8Array, { from, end }: Section, globals: number): readonly number[] {
  const section = new WasmBytes(bytes, from, end, 'code');
  const count = section.u32();
  const out: number[][] = [unsigned(count)];
  let total = 0;
  for (let left = count; left > 0; left -= 1) {
    const length = section.u32();
    const body = section.part(length, 'code');
    const metered = meteredBody(bytes, body, section.at, globals);
    out.push(unsigned(metered.length), metered);
    total += metered.length;
    if (total > MOST_METERED) throw new WasmRefused('too_large', 'code');
  }
  return out.flat();
}

/** A place where the counter is taken from: the entry of a function or the head of a loop. */
interface Place {
  readonly at: number;
  cost: number;
}

function meteredBody(bytes: Uint8Array, body: WasmBytes, end: number, globals: number): number[] {
  const from = body.at;
  let locals = 0;
  for (let groups = body.u32(); groups > 0; groups -= 1) {
    locals += body.u32();
    body.byte();
  }
  const entry: Place = { at: body.at, cost: CALL + LOCAL * locals };
  const places: Place[] = [entry];
  // Of each open block, whose instructions it counts for.
  const open: Place[] = [entry];
  readInstructions(body, (instruction) => {
    const place = open.at(-1);
    if (place === undefined || isOfCounter(instruction, globals)) throw new WasmRefused('malformed', 'code');
    const { opcode } = instruction;
    if (opcode === LOOP) {
      const head: Place = { at: instruction.end, cost: 1 };
      places.push(head);
      if (places.length > MOST_LOOPS) throw new WasmRefused('too_large', 'code');
      open.push(head);
      return;
    }
    place.cost += instruction.further === 10 || instruction.further === 11 || opcode === GROW ? WHOLE_MEMORY : 1;
    if (opcode === BLOCK || opcode === IF) open.push(place);
    if (opcode === END) open.pop();
  });
  if (open.length > 0) throw new WasmRefused('malformed', 'code');
  const out: number[][] = [];
  let done = from;
  for (const { at, cost } of places) {
    out.push([...bytes.subarray(done, at)], take(globals, cost));
    done = at;
  }
  out.push([...bytes.subarray(done, end)]);
  return out.flat();
}

function isOfCounter({ opcode, index }: Instruction, globals: number): boolean {
  return (opcode === GLOBAL_GET || opcode === GLOBAL_SET) && (index ?? 0) >= globals;
}

/** counter -= cost; if (counter < 0) trap. Leaves the stack as it was. */
function take(counter: number, cost: number): number[] {
  const [get, set] = [
    [GLOBAL_GET, ...unsigned(counter)],
    [GLOBAL_SET, ...unsigned(counter)],
  ];
  return [...get, I64_CONST, ...signed(cost), 0x7d, ...set, ...get, I64_CONST, 0, 0x53, IF, 0x40, 0x00, END];
}

function named(text: string): readonly number[] {
  return [...unsigned(text.length), ...Buffer.from(text, 'latin1')];
}

/** LEB128 of a number that is not negative. Source: WebAssembly core specification 2.0, §5.2.2. */
function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest % 0x80) | 0x80);
  out.push(rest);
  return out;
}

/** The same with a bit for the sign. */
function signed(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 0x40; rest = Math.floor(rest / 0x80)) out.push((rest % 0x80) | 0x80);
  out.push(rest);
  return out;
}
