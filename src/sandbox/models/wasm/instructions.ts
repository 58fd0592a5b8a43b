import { type WasmBytes, WasmRefused } from './wasm-bytes.ts';

type Immediate = 'none' | 'block' | 'index' | 'two' | 'i32' | 'i64' | 'f32' | 'f64' | 'table' | 'byte' | 'types';

const between = (first: number, last: number, kind: Immediate): readonly (readonly [number, Immediate])[] =>
  Array.from({ length: last - first + 1 }, (_, at) => [first + at, kind]);

/**
 * What follows each instruction that a module may have: the first version of the format, sign extension, and references to tables. What is not here
 * (vectors 0xFD, threads 0xFE, exceptions, tail calls) is refused. Source: WebAssembly core specification 2.0, §5.4.
 */
const INSTRUCTIONS: ReadonlyMap<number, Immediate> = new Map<number, Immediate>([
  ...between(0x00, 0x01, 'none'),
  ...between(0x02, 0x04, 'block'),
  [0x05, 'none'],
  [0x0b, 'none'],
  ...between(0x0c, 0x0d, 'index'),
  [0x0e, 'table'],
  [0x0f, 'none'],
  [0x10, 'index'],
  [0x11, 'two'],
  ...between(0x1a, 0x1b, 'none'),
  [0x1c, 'types'],
  ...between(0x20, 0x24, 'index'),
  ...between(0x28, 0x3e, 'two'),
  ...between(0x3f, 0x40, 'byte'),
  [0x41, 'i32'],
  [0x42, 'i64'],
  [0x43, 'f32'],
  [0x44, 'f64'],
  ...between(0x45, 0xc4, 'none'),
]);

/** Of the instructions behind 0xFC: conversions that do not trap, copying and filling of the own memory. */
const FURTHER: ReadonlyMap<number, 'none' | 'byte' | 'bytes'> = new Map<number, 'none' | 'byte' | 'bytes'>([
  ...Array.from({ length: 8 }, (_, at) => [at, 'none'] as const),
  [10, 'bytes'],
  [11, 'byte'],
]);

/** Ends of one table of jumps: the engine's own limit. */
const MOST_JUMPS = 65_520;

/** One instruction of a function. */
export interface Instruction {
  readonly opcode: number;
  /** Of those behind 0xFC; else null. */
  readonly further: number | null;
  /** The first number that follows it, where it is an index; else null. */
  readonly index: number | null;
  /** Position of the byte after it. */
  readonly end: number;
}

/** Goes through the instructions of a function to its end and tells each; throws WasmRefused for one that is not allowed. Source: WebAssembly core specification 2.0, §5.4. */
export function readInstructions(code: WasmBytes, told: (instruction: Instruction) => void): void {
  while (!code.isDone) {
    const opcode = code.byte();
    if (opcode === 0xfc) {
      const further = code.u32();
      const kind = FURTHER.get(further);
      if (kind === undefined) throw new WasmRefused('instruction', 'code');
      if (kind !== 'none') code.skip(kind === 'byte' ? 1 : 2);
      told({ opcode, further, index: null, end: code.at });
      continue;
    }
    const kind = INSTRUCTIONS.get(opcode);
    if (kind === undefined) throw new WasmRefused('instruction', 'code');
    const index = kind === 'index' ? code.u32() : null;
    if (kind !== 'index') skipImmediate(code, kind);
    told({ opcode, further: null, index, end: code.at });
  }
}

function skipImmediate(code: WasmBytes, kind: Immediate): void {
  if (kind === 'block') code.skipSigned(35);
  else if (kind === 'two') {
    code.u32();
    code.u32();
  } else if (kind === 'i32') code.skipSigned(35);
  else if (kind === 'i64') code.skipSigned(70);
  else if (kind === 'f32') code.skip(4);
  else if (kind === 'f64') code.skip(8);
  else if (kind === 'byte') code.skip(1);
  else if (kind === 'types') code.skip(code.u32());
  else if (kind === 'table') for (let left = code.count(MOST_JUMPS) + 1; left > 0; left -= 1) code.u32();
}
