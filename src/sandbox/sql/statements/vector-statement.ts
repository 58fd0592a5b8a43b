import { MODULUS } from '../../../kernel/modular.ts';
import type { GateProgram, Term } from '../model/program.ts';
import type { CountedAlong } from './bucket-statement.ts';
import { countedExpression, withinPiece } from './layout.ts';
import { FIGURE_SEPARATOR } from './packed.ts';
import { groupBy, keyColumns, keyNames, rowsSql, selectionSql, type Variant, where } from './relation.ts';

/** Buckets one by one, or 16 lanes of 16 buckets each, which say of every bucket only whether anybody is in it. */
export type VectorForm = 'buckets' | 'lanes';

/** Between the figures of one place, and between the places of two terms. */
export const PLACE_SEPARATOR = ':';
export const TERM_SEPARATOR = '|';

/**
 * Fingerprints of the unit totals of some terms, by cell and bucket (or lane). Columns: the keys, then one text: for each
 * term its places separated by `FIGURE_SEPARATOR`, each `place:fingerprint:total` (of a lane also `:buckets`, as bits of
 * those in which somebody is), terms separated by `TERM_SEPARATOR`. Rows without a unit count for nobody.
 *
 * The fingerprint of a place is the sum over its units of total × key, modulo `MODULUS`, with totals in units of the
 * term's last digit. It is linear in the totals, whatever rows they came from. Totals are those of the rows that have a
 * unit. Source: ADR 0014, gate.md §7.
 *
 * @param terms  indexes into the program's terms, of any kind.
 */
export function vectorStatement(program: GateProgram, unit: number, variant: Variant, terms: readonly number[], form: VectorForm): string {
  const names = keyNames(program);
  const asked = terms.flatMap((index) => program.terms[index] ?? []);
  const bucket = program.units[unit]?.bucket ?? 'NULL::USMALLINT';
  const place = form === 'buckets' ? bucket : `(${bucket} & 15)`;
  const { from, condition } = rowsSql(program, unit, variant.reduction);
  const filter = [condition, selectionSql(program, variant.selection), `${bucket} IS NOT NULL`];
  const inner = asked.flatMap((term, index) => termColumns(program, unit, variant, term, index, form));
  const rows = `SELECT ${[...keyColumns(program), `${place} AS __p`, ...inner].join(', ')} FROM ${from}${where(filter)}${groupBy([...names, '__p'])}`;
  const outer = asked.map((_, index) => placesOf(index, form));
  return `SELECT ${[...names, `concat_ws('${TERM_SEPARATOR}', ${outer.join(', ')}) AS vectors`].join(', ')} FROM (${rows})${groupBy(names)}`;
}

/**
 * The same by way of every unit's total: for terms that count units, each once whatever rows it has, and for lanes of
 * values of both signs, where only a total tells whether a unit is in its bucket. Source: ADR 0014.
 */
export function unitVectorStatement(
  program: GateProgram,
  unit: number,
  variant: Variant,
  terms: readonly number[],
  form: VectorForm,
): string {
  const names = keyNames(program);
  const asked = terms.flatMap((index) => program.terms[index] ?? []);
  const { bucket, number, key } = unitOf(program, unit);
  const { from, condition } = rowsSql(program, unit, variant.reduction);
  const filter = [condition, selectionSql(program, variant.selection), `${bucket} IS NOT NULL`];
  const totals = asked.map((term, index) => {
    if (term.kind === 'value') return `sum(${withinPiece(program, term.piece, term.sql, variant.reduction)}) AS w${index}`;
    const member = memberSql(program, variant, term);
    return `${term.kind === 'unit' ? `CAST(bool_or(${member}) AS BIGINT)` : `count(*) FILTER (${member})`} AS w${index}`;
  });
  const columns = [...keyColumns(program), `${number} AS __u`, `any_value(${bucket}) AS __b`, `any_value(${key}) AS __h`, ...totals];
  const units = `SELECT ${columns.join(', ')} FROM ${from}${where(filter)}${groupBy([...names, '__u'])}`;
  const inner = asked.flatMap((term, index) => [
    `sum(${weighted(`w${index}`, term.kind === 'value' ? term.scale : 0, '__h')}) AS f${index}`,
    `sum(w${index}) AS v${index}`,
    ...(form === 'lanes' ? [`bit_or(CASE WHEN w${index} <> 0 THEN 1::USMALLINT << (__b >> 4) END) AS m${index}`] : []),
  ]);
  const place = form === 'buckets' ? '__b' : '(__b & 15)';
  const rows = `SELECT ${[...names, `${place} AS __p`, ...inner].join(', ')} FROM (${units})${groupBy([...names, '__p'])}`;
  const outer = asked.map((_, index) => placesOf(index, form));
  return `SELECT ${[...names, `concat_ws('${TERM_SEPARATOR}', ${outer.join(', ')}) AS vectors`].join(', ')} FROM (${rows})${groupBy(names)}`;
}

/**
 * What `vectorStatement` gives by buckets, as columns beside a pass over the same rows by cell and bucket: one text behind those of
 * the pass, under the same name; NULL for cells of rows without a unit, which `vectorStatement` leaves out. Not for terms that need the totals of single units. Source: ADR 0050.
 */
export function vectorsAlong(program: GateProgram, unit: number, variant: Variant, terms: readonly number[]): CountedAlong {
  const asked = terms.flatMap((index) => program.terms[index] ?? []);
  const texts = asked.map((_, index) => placesOf(index, 'buckets', '__b'));
  return {
    inner: asked.flatMap((term, index) => termColumns(program, unit, variant, term, index, 'buckets')),
    outer: [`CASE WHEN count(__b) > 0 THEN concat_ws('${TERM_SEPARATOR}', ${texts.join(', ')}) END AS vectors`],
  };
}

/** Whether a term's vector needs the totals of single units. */
export function needsUnitTotals(program: GateProgram, unit: number, term: Term, form: VectorForm): boolean {
  if (program.units[unit]?.oneRow === true) return false;
  return term.kind === 'unit' || (term.kind === 'value' && term.signs === 'mixed' && form === 'lanes');
}

function unitOf(program: GateProgram, unit: number): { readonly bucket: string; readonly number: string; readonly key: string } {
  const found = program.units[unit];
  if (found === undefined) throw new Error('A vector of a unit that the rows do not have');
  return found;
}

/** Whether a row counts for a term. */
function memberSql(program: GateProgram, variant: Variant, term: Term): string {
  const counted = countedExpression(term);
  return `${withinPiece(program, term.piece, counted ?? '1', variant.reduction)} IS NOT NULL`;
}

function termColumns(program: GateProgram, unit: number, variant: Variant, term: Term, index: number, form: VectorForm): readonly string[] {
  const { bucket, key } = unitOf(program, unit);
  const member = memberSql(program, variant, term);
  const value = term.kind === 'value' ? withinPiece(program, term.piece, term.sql, variant.reduction) : null;
  const counted = value === null ? member : `${value} <> 0`;
  const f = term.kind === 'value' && value !== null ? fingerprint(value, term, key, form) : `sum(CASE WHEN ${member} THEN ${key} END)`;
  const s = value === null ? `count(*) FILTER (${member})` : `sum(${value})`;
  const mask = `bit_or(CASE WHEN ${counted} THEN 1::USMALLINT << (${bucket} >> 4) END)`;
  return [`${f} AS f${index}`, `${s} AS v${index}`, ...(form === 'lanes' ? [`${mask} AS m${index}`] : [])];
}

/** Keys have 31 bits; a product of two DECIMALs of the engine has at most 18 digits, and it fails beyond. */
const KEYS_BELOW = 2 ** 31;
const DECIMALS_BELOW = 1e18;
/** So that sums of such products, in units of the last digit, have 38 digits at most. */
const MOST_DIGITS = 8;

/**
 * The sum of values times keys, whole or congruent to it modulo the prime. Values with bounds are multiplied as they are, where no product is too
 * long: to bring each of them to whole units first, and to its residue, costs several times that. Source: ADR 0050.
 */
function fingerprint(
  value: string,
  { scale, largest = Number.POSITIVE_INFINITY }: Term & { kind: 'value' },
  key: string,
  form: VectorForm,
): string {
  const unit = 10 ** scale;
  // Of many cells there are too few rows to a sum: to make the sums whole would cost more.
  if (form === 'buckets' && scale > 0 && scale <= MOST_DIGITS && largest * KEYS_BELOW < DECIMALS_BELOW)
    return `CAST(sum((${value}) * ${key}) * ${unit} AS HUGEINT)`;
  if (largest < 2 * KEYS_BELOW && largest * unit < DECIMALS_BELOW)
    return `sum(CAST(${scale === 0 ? value : `(${value}) * ${unit}`} AS BIGINT) * ${key})`;
  return `sum(${weighted(value, scale, key)})`;
}

/**
 * A value in units of its last digit times the key, or what is congruent to it modulo the prime. Of a value that is too long for its type then, a
 * wider one is tried. What is longer than 64 bits is taken by its hash: such a total is no longer added up linearly, yet the same from one
 * query to the next. Below 2^62: sums of it are exact. No value makes the statement fail: that would tell of its row.
 */
function weighted(value: string, scale: number, key: string): string {
  const wide = `TRY_CAST(${value} AS DECIMAL(${WIDEST},${scale}))`;
  const whole = scale === 0 ? [value] : [value, wide].map((text) => `TRY(${text} * ${10 ** scale})`);
  const residues = whole.map((text) => `TRY_CAST(${text} AS BIGINT) % ${MODULUS}`);
  return `CASE WHEN ${value} IS NOT NULL THEN coalesce(${[...residues, `CAST(hash(${value}) % ${MODULUS} AS BIGINT)`].join(', ')}) * ${key} END`;
}

/** Digits that a DECIMAL of the engine may have. */
const WIDEST = 38;

function placesOf(index: number, form: VectorForm, place = '__p'): string {
  const figures = [place, `CAST(f${index} % ${MODULUS} AS BIGINT)`, `v${index}`, ...(form === 'lanes' ? [`coalesce(m${index}, 0)`] : [])];
  return `coalesce(string_agg(concat_ws('${PLACE_SEPARATOR}', ${figures.join(', ')}), '${FIGURE_SEPARATOR}') FILTER (${place} IS NOT NULL AND f${index} IS NOT NULL), '')`;
}
