import type { Call, Expression } from '../ast.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import { refuseConstruct } from './refusal.ts';

interface Pattern {
  readonly operator: '~~' | '~~*';
  readonly negated: boolean;
  /** Rows that match any of them match. */
  readonly patterns: readonly string[];
}

const LIKE: Readonly<Record<string, Omit<Pattern, 'patterns'>>> = {
  '~~': { operator: '~~', negated: false },
  '!~~': { operator: '~~', negated: true },
  '~~*': { operator: '~~*', negated: false },
  '!~~*': { operator: '~~*', negated: true },
};
const PARTS: Readonly<Record<string, (part: string) => string>> = {
  starts_with: (part) => `${part}%`,
  prefix: (part) => `${part}%`,
  '^@': (part) => `${part}%`,
  contains: (part) => `%${part}%`,
  suffix: (part) => `%${part}`,
  ends_with: (part) => `%${part}`,
};
const REGULAR = new Set(['regexp_matches', 'regexp_full_match']);

/**
 * LIKE and what is one: a prefix, a suffix, a part, a regular expression that is a list of those. Undefined for other
 * calls. Throws Refused for patterns that are no literal or say more. Source: gate.md §5 (predicates: a prefix).
 */
export function textTest(call: Call, resolve: (expression: Expression) => Scalar): Test | undefined {
  const { at } = call;
  const [input, pattern] = call.arguments;
  const isKnown = Object.hasOwn(LIKE, call.name) || Object.hasOwn(PARTS, call.name) || REGULAR.has(call.name);
  if (!isKnown) {
    if (call.name.includes('~~')) refuseConstruct(`operator ${call.name}`, at);
    return undefined;
  }
  if (input === undefined || pattern?.kind !== 'literal' || pattern.type !== 'string')
    return refuseConstruct('pattern that is no literal', at);
  const { operator, negated, patterns } = patternOf(call, pattern.text);
  const scalar = resolve(input);
  const items = patterns.map((text): Test => ({ kind: 'like', input: scalar, operator, pattern: text, negated, at }));
  const [first, ...more] = items;
  return more.length === 0 ? first : { kind: 'or', items, at };
}

function patternOf(call: Call, text: string): Pattern {
  const like = Object.hasOwn(LIKE, call.name) ? LIKE[call.name] : undefined;
  if (like !== undefined) return { ...like, patterns: [text] };
  const write = Object.hasOwn(PARTS, call.name) ? PARTS[call.name] : undefined;
  if (write === undefined) return regularPattern(call, text);
  if (/[%_]/.test(text)) return refuseConstruct(`${call.name}() of a text with % or _`, call.at);
  return { operator: '~~', negated: false, patterns: [write(text)] };
}

const MAX_ALTERNATIVES = 16;
/** Between the anchors: letters, digits and marks that mean nothing in a regular expression, nor in LIKE. */
const PLAIN = /^[\p{L}\p{N} \-/:,;#@&'"<>=~!]*$/u;

/** `^a`, `b$`, `^(a|b)`, `^a.*`: words with anchors or `.*` at their ends. */
function regularPattern(call: Call, text: string): Pattern {
  const [, , options, ...more] = call.arguments;
  const isWhole = call.name === 'regexp_full_match';
  const option = options === undefined ? '' : options.kind === 'literal' && options.type === 'string' ? options.text : '?';
  const refusal = (): never => refuseConstruct('regular expression of more than words, ^, $, .* and |', call.at);
  if (more.length > 0 || !['', 'c', 'i'].includes(option)) return refusal();
  const grouped = /^(\^?)\(([^()]*)\)(\$|\.\*)?$/.exec(text);
  const words = (grouped?.[2] ?? text).split('|').map((word) => `${grouped?.[1] ?? ''}${word}${grouped?.[3] ?? ''}`);
  const patterns = words.map((word) => {
    const [, start = '', inside = '', end = ''] = /^(\^|\.\*|\^\.\*)?(.*?)(\$|\.\*|\.\*\$)?$/u.exec(word) ?? [];
    if (!PLAIN.test(inside) || inside === '') return refusal();
    const isOpenBefore = start.endsWith('.*') || (start === '' && !isWhole);
    const isOpenAfter = end.startsWith('.*') || (end === '' && !isWhole);
    return `${isOpenBefore ? '%' : ''}${inside}${isOpenAfter ? '%' : ''}`;
  });
  if (patterns.length > MAX_ALTERNATIVES) return refusal();
  return { operator: option === 'i' ? '~~*' : '~~', negated: false, patterns };
}
