import { UNITS } from './keywords.ts';
import { isTreeNode, numberOf, only, type Printed, refused, type Translation, type TreeNode, textOf } from './tree.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?$/;

/** A string as a literal of a date or timestamp, by its shape; undefined if it has neither. Ranges are the engine's to check. Source: ADR 0012. */
export function momentLiteral(text: string): Printed | undefined {
  if (DATE.test(text)) return { sql: `DATE '${text}'`, type: 'date' };
  return TIMESTAMP.test(text) ? { sql: `TIMESTAMP '${text.replace('T', ' ')}'`, type: 'timestamp' } : undefined;
}

/** DATE '…' and TIMESTAMP '…'. Only the standard's spelling is read: MySQL also takes DATE '20-1-1'. */
export function typedLiteral(type: 'date' | 'timestamp', text: string, node: TreeNode, t: Translation): Printed {
  const literal = momentLiteral(text);
  if (literal?.type === type) return literal;
  if (literal?.type === 'date') return { sql: `TIMESTAMP '${text} 00:00:00'`, type };
  throw refused(`a ${type} that is not written as 2026-01-31`, node, t);
}

/** An interval of one whole number of one unit; `'3 months'` is read too. Quarters are three months. */
export function printInterval(node: TreeNode, t: Translation): Printed {
  only(node, ['type', 'expr', 'unit', 'parentheses'], 'INTERVAL', t);
  const amount = isTreeNode(node.expr) ? (numberOf(node.expr.value, t) ?? textOf(node.expr.value, t)) : undefined;
  const [, count, written] = /^\s*([+-]?\d{1,6})\s*([a-zA-Z]*)\s*$/.exec(amount ?? '') ?? [];
  const unit = `${typeof node.unit === 'string' ? node.unit : ''}${written ?? ''}`.toUpperCase().replace(/S$/, '');
  if (count === undefined || !UNITS.has(unit)) throw refused('INTERVAL other than a whole number of one unit', node, t);
  return intervalOf(Number(count), unit);
}

/** `unit` from UNITS. */
export function intervalOf(count: number, unit: string): Printed {
  const [amount, of] = unit === 'QUARTER' ? [count * 3, 'MONTH'] : [count, unit];
  return { sql: `INTERVAL '${amount}' ${of}`, type: 'interval' };
}

const MYSQL_CODES: Readonly<Record<string, string>> = {
  '%Y': '%Y',
  '%y': '%y',
  '%m': '%m',
  '%c': '%-m',
  '%d': '%d',
  '%e': '%-d',
  '%H': '%H',
  '%k': '%-H',
  '%h': '%I',
  '%I': '%I',
  '%l': '%-I',
  '%i': '%M',
  '%s': '%S',
  '%S': '%S',
  '%T': '%H:%M:%S',
  '%p': '%p',
  '%j': '%j',
  '%M': '%B',
  '%b': '%b',
  '%W': '%A',
  '%a': '%a',
  '%%': '%%',
};
const TO_CHAR_CODES: Readonly<Record<string, string>> = {
  YYYY: '%Y',
  MM: '%m',
  DD: '%d',
  HH24: '%H',
  MI: '%M',
  SS: '%S',
};

/** A format of MySQL's and Trino's date_format in strftime's codes; undefined if a code has no equal there (weeks, %D). */
export function strftimeFormat(format: string): string | undefined {
  const parts = format.match(/%.|[^%]+|%$/gsu) ?? [];
  const codes = parts.map((part) => (part.startsWith('%') ? MYSQL_CODES[part] : part));
  return codes.includes(undefined) ? undefined : codes.join('');
}

/** A format of PostgreSQL's to_char for dates in strftime's codes; undefined for templates that are not on the list. Source: ADR 0012. */
export function toCharFormat(format: string): string | undefined {
  const codes = (format.match(/"[^"%']*"|[^"]+|"/gu) ?? []).map((part) => (/^"./u.test(part) ? part.slice(1, -1) : templates(part)));
  return codes.includes(undefined) ? undefined : codes.join('');
}

function templates(format: string): string | undefined {
  const parts = format.toUpperCase().match(/HH24|[A-Za-z]{2,4}|[\s\S]/gu) ?? [];
  const split = parts.flatMap((part) =>
    /^[A-Za-z]+$/.test(part) && TO_CHAR_CODES[part] === undefined ? (part.match(/.{1,2}/g) ?? []) : [part],
  );
  const codes = split.map((part) => (/^[-/:. 年月日]$/u.test(part) ? part : TO_CHAR_CODES[part]));
  return codes.includes(undefined) ? undefined : codes.join('');
}

/** `YYYY-"Q"Q`: years, quarters and text between them, which strftime has no code for; undefined for other formats. Source: ADR 0012. */
export function quarterFormat(format: string): readonly ({ readonly text: string } | { readonly part: 'year' | 'quarter' })[] | undefined {
  const parts = format.match(/"[^"]*"|YYYY|Q|[-/ .]|[\s\S]/giu) ?? [];
  const read = parts.map((part) => {
    if (/^"[^"]*"$/u.test(part)) return { text: part.slice(1, -1) };
    if (/^[-/ .]$/.test(part)) return { text: part };
    return /^YYYY$/i.test(part) ? ({ part: 'year' } as const) : /^Q$/i.test(part) ? ({ part: 'quarter' } as const) : undefined;
  });
  const known = read.filter((part) => part !== undefined);
  const hasQuarter = known.some((part) => 'part' in part && part.part === 'quarter');
  return hasQuarter && known.length === parts.length ? known : undefined;
}

const PATTERN_CODES: Readonly<Record<string, string>> = { yyyy: '%Y', MM: '%m', dd: '%d', HH: '%H', mm: '%M', ss: '%S' };

/** A pattern of Trino's format_datetime in strftime's codes; undefined for letters that are not on the list. Source: ADR 0012. */
export function patternFormat(pattern: string): string | undefined {
  const parts = pattern.match(/([A-Za-z])\1*|'[^'%]*'|[\s\S]/gu) ?? [];
  const codes = parts.map((part) => {
    if (/^'[^']+'$/u.test(part)) return part.slice(1, -1);
    return /^[A-Za-z]+$/.test(part) ? PATTERN_CODES[part] : /^[-/:. 年月日]$/u.test(part) ? part : undefined;
  });
  return codes.includes(undefined) ? undefined : codes.join('');
}
