import { err, ok, type Result } from '../../kernel/result.ts';
import type { Rng } from '../../kernel/rng.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { columnKey, type KeyScope } from '../column-key.ts';
import type { Hierarchy } from '../hierarchy.ts';
import type { Operator, OperatorStatement } from '../operator.ts';
import { dateShift } from '../operators/date-shift.ts';
import { encryptFormat } from '../operators/encrypt-format.ts';
import { generaliseDate } from '../operators/generalise-date.ts';
import { generaliseByHierarchy } from '../operators/generalise-hierarchy.ts';
import { generaliseNumber } from '../operators/generalise-number.ts';
import { generaliseRegion } from '../operators/generalise-region.ts';
import { microAggregate } from '../operators/micro-aggregate.ts';
import { addNoise } from '../operators/noise.ts';
import { partial } from '../operators/partial.ts';
import { hasPseudonymHash, pseudonym } from '../operators/pseudonym.ts';
import { rankSwap } from '../operators/rank-swap.ts';
import { REDACT } from '../operators/redact.ts';
import { suppressRare } from '../operators/suppress-rare.ts';
import type { FilePolicy, MaskSpec } from './mask-policy.ts';

type Column = readonly (string | null)[];

/** What a policy needs besides itself. */
export interface PolicyMeans {
  readonly rng: Rng;
  /** At least 32 bytes. */
  readonly master: Uint8Array;
  /** By column, those that the policy names. */
  readonly hierarchies: ReadonlyMap<string, Hierarchy>;
}

/** What was done to a column, and what it leaves. */
export interface MaskedColumn {
  readonly column: string;
  /** `kept`: passed on as it is, because the policy says so. */
  readonly statement: OperatorStatement | 'kept';
  readonly values: Column;
  /** Values of an unknown format, masked whole. */
  readonly unrecognised: number;
  /** Smallest anonymity set of any value; null where it cannot be counted. */
  readonly leastAnonymitySet: number | null;
}

/**
 * Applies a policy to the columns of a table, in their order; those it drops are left out. Every column needs an operator: one that the policy does not name refuses the whole table.
 * Operators see true values only, each column its own; nothing is filtered. Source: issue "Masking" (policies); GZ-21c.
 */
export function applyPolicy(
  policy: FilePolicy,
  table: ReadonlyMap<string, Column>,
  means: PolicyMeans,
): Result<readonly MaskedColumn[], readonly Problem[]> {
  const unnamed = [...table.keys()].filter((column) => policy.columns[column] === undefined);
  const missing = [...Object.keys(policy.columns), ...(policy.unit === undefined ? [] : [policy.unit])].filter(
    (column) => !table.has(column),
  );
  if (unnamed.length > 0 || missing.length > 0) return err([problem('masking.columns', { unnamed, missing: [...new Set(missing)] })]);
  const units = policy.unit === undefined ? null : (table.get(policy.unit) ?? null);
  const masked: MaskedColumn[] = [];
  for (const [column, values] of table) {
    const spec = policy.columns[column];
    if (spec === undefined || spec.operator === 'drop') continue;
    if (spec.operator === 'pseudonym' && !hasPseudonymHash(spec.hash)) return err([problem('masking.hash_missing', { hash: spec.hash })]);
    if (spec.operator === 'keep') masked.push({ column, statement: 'kept', values, unrecognised: 0, leastAnonymitySet: null });
    else masked.push(maskColumn(column, operatorOf(column, spec, policy, means), values, units));
  }
  return ok(masked);
}

function maskColumn(column: string, operator: Operator, values: Column, units: Column | null): MaskedColumn {
  const { statement } = operator;
  if (operator.kind === 'column') return { column, statement, values: operator.mask(values), unrecognised: 0, leastAnonymitySet: null };
  let unrecognised = 0;
  let least: number | null = null;
  const result = values.map((value, row) => {
    if (value === null) return null;
    const { text, anonymitySet, recognised } = operator.mask(value, units?.[row] ?? null);
    if (!recognised) unrecognised += 1;
    if (anonymitySet !== null && (least === null || anonymitySet < least)) least = anonymitySet;
    return text;
  });
  return { column, statement, values: result, unrecognised, leastAnonymitySet: least };
}

function operatorOf(column: string, spec: MaskSpec, policy: FilePolicy, means: PolicyMeans): Operator {
  const key = (use: KeyScope['use'], rotation: number | undefined): Uint8Array =>
    columnKey(means.master, { project: policy.project ?? policy.policy, column, use, rotation: rotation ?? 1 });
  switch (spec.operator) {
    case 'partial':
      return partial(spec);
    case 'generalise':
      return generaliseOf(column, spec, means);
    case 'pseudonym':
      return pseudonym(spec.hash, key('pseudonym', spec.rotation));
    case 'ff1':
      return encryptFormat(spec.kind, key('ff1', spec.rotation), new TextEncoder().encode(column));
    case 'dateShift':
      // One shift for all dates of a unit: the key is the policy's, not the column's.
      return dateShift(
        spec.days,
        columnKey(means.master, { project: policy.project ?? policy.policy, column: '', use: 'date-shift', rotation: spec.rotation ?? 1 }),
      );
    case 'noise':
      return addNoise(spec.step, spec.scale, means.rng);
    case 'rankSwap':
      return rankSwap(spec.percent, means.rng);
    case 'microAggregate':
      return microAggregate(spec.k);
    case 'suppress':
      return suppressRare(spec.least);
    default:
      return REDACT;
  }
}

function generaliseOf(column: string, spec: Extract<MaskSpec, { operator: 'generalise' }>, means: PolicyMeans): Operator {
  if ('date' in spec) return generaliseDate(spec.date);
  if ('number' in spec) return generaliseNumber(spec.number);
  if ('region' in spec) return generaliseRegion(spec.region);
  const hierarchy = means.hierarchies.get(column);
  return hierarchy === undefined || spec.level > hierarchy.levels ? REDACT : generaliseByHierarchy(hierarchy, spec.level);
}
