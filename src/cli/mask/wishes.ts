import type { SensitiveWish } from '../../masking/anonymity/anonymise.ts';
import { UsageError } from '../outcome.ts';

const DIVERSITY = /^(?:(distinct-|entropy-)?(\d+(?:\.\d+)?)|recursive-(\d+(?:\.\d+)?)-(\d+)):(.+)$/;
const CLOSENESS = /^(?:(equal|ordered|hierarchical)-)?(0?\.\d+|[01](?:\.\d+)?):(.+)$/;

/** `3:col`, `entropy-3:col`, `recursive-C-L:col`. Ends the command on anything else. Source: issue "Masking" (`--l`). */
export function diversityWish(text: string): SensitiveWish {
  const [, kind, l, c, tail, column] = DIVERSITY.exec(text) ?? [];
  if (column === undefined) throw new UsageError('--l is 3:COLUMN, entropy-3:COLUMN or recursive-C-L:COLUMN');
  const level = Number(l ?? tail);
  if (level < 1 || (kind !== 'entropy-' && !Number.isInteger(level))) throw new UsageError('--l needs a number of values of 1 or more');
  if (c !== undefined) return { column, diversity: { kind: 'recursive', l: level, c: Number(c) } };
  return { column, diversity: { kind: kind === 'entropy-' ? 'entropy' : 'distinct', l: level } };
}

/** `0.2:col`, `ordered-0.2:col`, `hierarchical-0.2:col`. Ends the command on anything else. Source: issue "Masking" (`--t`). */
export function closenessWish(text: string): SensitiveWish {
  const [, kind, t, column] = CLOSENESS.exec(text) ?? [];
  if (column === undefined || Number(t) > 1)
    throw new UsageError('--t is 0.2:COLUMN, ordered-0.2:COLUMN or hierarchical-0.2:COLUMN, at most 1');
  return { column, closeness: { kind: kind === 'ordered' || kind === 'hierarchical' ? kind : 'equal', t: Number(t) } };
}

/** `0.1,0.5`: the least and the most. Ends the command on anything else. Source: issue "Masking" (δ-presence). */
export function presenceWish(text: string): readonly [number, number] {
  const [least, most, ...more] = text.split(',').map((part) => (/^(0?\.\d+|[01](\.\d+)?)$/.test(part) ? Number(part) : Number.NaN));
  if (least === undefined || most === undefined || more.length > 0 || !(least <= most && most <= 1))
    throw new UsageError('--presence is LEAST,MOST, two shares such as 0,0.5');
  return [least, most];
}
