import type { ComparisonOperator, Position } from '../ast.ts';
import type { Scalar, ScalarBranch, Test } from '../model/scalar.ts';
import { openFunction } from '../open/functions.ts';
import { nearestFunction } from '../open/nearest.ts';
import { asTest, compareScalars } from './compare.ts';
import { foldCall, numberOf } from './fold.ts';
import { refuse, refuseConstruct } from './refusal.ts';

/** What gives another value from run to run: the clock, chance, the session. Source: gate.md §5 (never: volatile functions). */
const VOLATILE = new Set([
  ...['now', 'today', 'current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp', 'get_current_time'],
  ...['get_current_timestamp', 'transaction_timestamp', 'curdate', 'curtime', 'getdate', 'sysdate', 'current_localtimestamp'],
  ...['random', 'rand', 'uuid', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'nextval', 'currval', 'setseed'],
  ...['current_user', 'session_user', 'user', 'current_schema', 'current_query', 'current_setting', 'version', 'txid_current'],
]);

/** Functions over protected columns besides those that may also be called above a gate. */
const OTHERS = new Set(['row', '^@']);

/** Refuses a name that is no column, where it is one of the engine's clocks or counters. Throws Refused. Source: gate.md §5. */
export function refuseVolatile(name: string, at: Position, brackets = ''): void {
  if (VOLATILE.has(name.toLowerCase())) refuseConstruct(`${name.toLowerCase()}${brackets}, another value in every run,`, at);
}

/** Refuses a function that the language does not have anywhere. Throws Refused. Source: gate.md §3.2. */
export function refuseUnknown(name: string, at: Position): void {
  refuseVolatile(name, at, '()');
  if (openFunction(name) !== undefined || OTHERS.has(name) || !/^[a-z_]/.test(name)) return;
  const suggestion = nearestFunction(name);
  refuse('sql.function_unknown', { name, ...(suggestion === undefined ? {} : { suggestion }), ...at });
}

/** A cast, or its input where it changes nothing. Source: gate.md §5 (numeric casts are transparent). */
export function castOf(input: Scalar, type: string, at: Position): Scalar {
  if (input.kind === 'truth' && type === 'BOOLEAN') return input;
  if (input.kind === 'column' && input.column.column.type === type) return input;
  if (type === 'VARCHAR' && input.kind === 'literal' && (input.type === 'string' || input.type === 'null')) return input;
  const isNumber = numberOf(input) !== undefined && /^(DECIMAL|DOUBLE|FLOAT|BIGINT|INTEGER|HUGEINT)/.test(type);
  if (isNumber && (numberOf(input)?.scale === 0 || !/INT/.test(type))) return input;
  if (input.kind === 'literal' && input.type === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(input.text)) {
    if (type === 'DATE') return { ...input, type: 'date' };
    if (type === 'TIMESTAMP') return { ...input, type: 'timestamp' };
  }
  return { kind: 'cast', input, type, at };
}

/** A call, spelled out as the choice or number that it is where it is one. Throws Refused for an unknown function. Source: gate.md §5. */
export function callOf(name: string, parts: readonly Scalar[], at: Position): Scalar {
  const [first, second, third] = parts;
  const none: Scalar = { kind: 'literal', type: 'null', text: '', at };
  const folded = foldCall(name, parts);
  if (folded !== undefined) return folded;
  const choose = (branches: readonly ScalarBranch[], otherwise: Scalar): Scalar => ({ kind: 'case', branches, otherwise, at });
  const compare = (operator: ComparisonOperator, left: Scalar, right: Scalar): Test => compareScalars(operator, left, right, at);
  if ((name === 'coalesce' || name === 'ifnull') && parts.length >= 1) {
    const last = parts.at(-1) ?? none;
    const branches = parts.slice(0, -1).map((item) => ({ when: { kind: 'isNull', input: item, negated: true, at } as const, then: item }));
    return branches.length === 0 ? last : choose(branches, last);
  }
  refuseUnknown(name, at);
  if (first === undefined) return { kind: 'call', name, arguments: parts, at };
  if (name === 'nullif' && second !== undefined && parts.length === 2)
    return choose([{ when: compare('=', first, second), then: none }], first);
  if (name === 'if' && second !== undefined && parts.length === 3) return choose([{ when: asTest(first), then: second }], third ?? none);
  if (name === 'abs' && parts.length === 1)
    return choose(
      [{ when: compare('<', first, { kind: 'literal', type: 'integer', text: '0', at }), then: callOf('-', [first], at) }],
      first,
    );
  return { kind: 'call', name, arguments: parts, at };
}
