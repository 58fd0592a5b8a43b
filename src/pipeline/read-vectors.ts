import { BUCKETS, LANES, type Sketch, sketchOfBuckets, sketchOfLanes, WORDS } from '../egress/ledger/sketch.ts';
import { residueOf } from '../kernel/modular.ts';
import type { QueryRows } from '../sandbox/enclave/port.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { FIGURE_SEPARATOR } from '../sandbox/sql/statements/packed.ts';
import { TERM_SEPARATOR, type VectorForm } from '../sandbox/sql/statements/vector-statement.ts';
import { cellName, keyOf, MalformedAnswer } from './read-evidence.ts';

/** Places of a vector: a bucket each, or a lane of 16. */
const PLACES: Readonly<Record<VectorForm, number>> = { buckets: BUCKETS, lanes: LANES };

const PLACE = /^(\d{1,3}):(-?\d{1,10}):(-?\d{0,40}(?:\.\d{1,38})?)(?::(\d{1,5}))?$/;

/**
 * Reads what `vectorStatement` gives: by cell, a vector for each of the terms. Throws MalformedAnswer where the answer
 * has another shape; nothing is guessed. Source: ADR 0014.
 */
export function readVectors(
  program: GateProgram,
  terms: readonly number[],
  form: VectorForm,
  rows: QueryRows,
): ReadonlyMap<string, readonly Sketch[]> {
  const found = new Map<string, readonly Sketch[]>();
  const scales = terms.map((index) => {
    const term = program.terms[index];
    return term?.kind === 'value' ? term.scale : 0;
  });
  for (const row of rows.rows) {
    const text = row[program.keys.length];
    const parts = typeof text === 'string' ? text.split(TERM_SEPARATOR) : [];
    if (parts.length !== terms.length) throw new MalformedAnswer('A vector is missing');
    const name = cellName(keyOf(row, program.keys.length));
    if (found.has(name)) throw new MalformedAnswer('A cell came twice');
    found.set(
      name,
      parts.map((part, index) => readVector(part, form, scales[index] ?? 0)),
    );
  }
  return found;
}

/** The sketch of a term to which nobody contributes. */
export function nobodysSketch(form: VectorForm): Sketch {
  return readVector('', form, 0);
}

function readVector(text: string, form: VectorForm, scale: number): Sketch {
  const size = PLACES[form];
  const fingerprints = new Uint32Array(size);
  const digits = Array.from({ length: size }, () => 0n);
  const mask = new Uint32Array(WORDS);
  for (const item of text === '' ? [] : text.split(FIGURE_SEPARATOR)) {
    const [, place = '', fingerprint = '', total = '', bits = ''] = PLACE.exec(item) ?? [];
    const at = place === '' ? size : Number(place);
    if (at >= size) throw new MalformedAnswer('A vector has a place that is none');
    fingerprints[at] = residueOf(Number(fingerprint));
    digits[at] = digitsAt(total, scale);
    if (form === 'lanes') setLane(mask, at, Number(bits));
  }
  const totals = { scale, digits };
  return form === 'buckets' ? sketchOfBuckets(fingerprints, totals) : sketchOfLanes(fingerprints, mask, totals);
}

/** Of the buckets `lane`, `lane + 16`, … those whose bit is set: two of them stand in each word of the mask. */
function setLane(mask: Uint32Array, lane: number, bits: number): void {
  for (let word = 0; word < WORDS; word += 1) {
    const [even, odd] = [(bits >>> (2 * word)) & 1, (bits >>> (2 * word + 1)) & 1];
    mask[word] = (mask[word] ?? 0) | (even << lane) | (odd << (lane + 16));
  }
}

function digitsAt(text: string, scale: number): bigint {
  if (text === '') return 0n;
  const point = text.indexOf('.');
  if (point < 0) return BigInt(text) * 10n ** BigInt(scale);
  const fraction = text.slice(point + 1);
  if (fraction.length > scale && /[1-9]/.test(fraction.slice(scale))) throw new MalformedAnswer('A total is finer than its column');
  return BigInt(`${text.slice(0, point)}${fraction.slice(0, scale).padEnd(scale, '0')}`);
}
