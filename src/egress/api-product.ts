import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';

export type ParameterType = 'integer' | 'date' | 'text';

/** A parameter of an interface: what may be put in its place is a closed list, or a range walked in steps. */
export interface ApiParameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly domain:
    | { readonly values: readonly (string | number)[] }
    | { readonly from: number; readonly to: number; readonly step: number };
}

/** What is approved when an interface is released: a query with holes, what may go into them, and how often. */
export interface ApiDefinition {
  readonly format: 'sluice-api-1';
  /** SQL with `:name` for each parameter. */
  readonly template: string;
  readonly parameters: readonly ApiParameter[];
  readonly callsPerDay: number;
  readonly callsPerMinute: number;
}

export const API_FILE = 'interface.json';

const MOST_PARAMETERS = 8;
const MOST_VALUES = 1000;
const NAME = /^[a-z][a-z0-9_]{0,39}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Text between quotes, a quoted name, a cast, or a hole. Comments and dollar quotes are refused before. */
const PIECES = /'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:([a-z][a-z0-9_]*)/g;

const invalid = (reason: string): readonly Problem[] => [problem('product.definition_invalid', { reason })];

/**
 * Whether a definition can be followed: every hole named once as a parameter and the other way round, domains closed and of their
 * type, limits above 0. Does not say that the query is admitted: every filling is, one by one, when it is asked.
 * Source: requirements.md §10.3 (api: what is approved is the interface definition).
 */
export function checkDefinition(definition: ApiDefinition): Result<ApiDefinition, readonly Problem[]> {
  const { template, parameters, callsPerDay, callsPerMinute } = definition;
  if (/--|\/\*|\$/.test(template)) return err(invalid('comments'));
  const holes = new Set([...template.matchAll(PIECES)].flatMap((found) => found[1] ?? []));
  const names = parameters.map((parameter) => parameter.name);
  if (names.length > MOST_PARAMETERS || new Set(names).size !== names.length || names.some((name) => !NAME.test(name)))
    return err(invalid('names'));
  if (holes.size !== names.length || names.some((name) => !holes.has(name))) return err(invalid('holes'));
  if (parameters.some((parameter) => !isDomain(parameter))) return err(invalid('domain'));
  const areLimits = [callsPerDay, callsPerMinute].every((limit) => Number.isInteger(limit) && limit > 0);
  return areLimits && callsPerMinute <= callsPerDay ? ok(definition) : err(invalid('limits'));
}

function isDomain({ type, domain }: ApiParameter): boolean {
  if ('values' in domain) {
    const { values } = domain;
    const isEach = values.every((value) => (type === 'integer' ? Number.isSafeInteger(value) : typeof value === 'string'));
    const isDate = type !== 'date' || values.every((value) => DATE.test(String(value)));
    return values.length > 0 && values.length <= MOST_VALUES && new Set(values).size === values.length && isEach && isDate;
  }
  const { from, to, step } = domain;
  const areWhole = [from, to, step].every(Number.isSafeInteger);
  return type === 'integer' && areWhole && step > 0 && from <= to && (to - from) / step < MOST_VALUES;
}

function isInDomain({ domain }: ApiParameter, value: string | number): boolean {
  if ('values' in domain) return domain.values.includes(value);
  return typeof value === 'number' && value >= domain.from && value <= domain.to && (value - domain.from) % domain.step === 0;
}

function literal({ type }: ApiParameter, value: string | number): string {
  if (type === 'integer') return String(value);
  const quoted = `'${String(value).replaceAll("'", "''")}'`;
  return type === 'date' ? `DATE ${quoted}` : quoted;
}

/**
 * The query of one call: every hole filled with a literal of its parameter's type, each value one of its domain. Refuses missing,
 * unknown and foreign values without repeating them. Source: requirements.md §10.3 (api), formats.md.
 */
export function fillTemplate(
  definition: ApiDefinition,
  values: Readonly<Record<string, string | number>>,
): Result<string, readonly Problem[]> {
  const { parameters, template } = definition;
  const names = parameters.map((parameter) => parameter.name);
  const wrong = parameters.filter(({ name }) => !Object.hasOwn(values, name)).map(({ name }) => name);
  const unknown = Object.keys(values).filter((name) => !names.includes(name));
  const foreign = parameters.filter((parameter) => {
    const value = Object.hasOwn(values, parameter.name) ? values[parameter.name] : undefined;
    return value !== undefined && !isInDomain(parameter, value);
  });
  const refused = [...wrong, ...foreign.map((parameter) => parameter.name)];
  if (refused.length > 0 || unknown.length > 0) return err([problem('product.arguments', { parameters: names, wrong: refused })]);
  const literals = new Map(parameters.map((parameter) => [parameter.name, literal(parameter, values[parameter.name] ?? '')]));
  return ok(template.replaceAll(PIECES, (piece, hole?: string) => (hole === undefined ? piece : (literals.get(hole) ?? piece))));
}

/** A filling for trying the query out, and the corners of every domain beside it. Source: requirements.md §10.3 (api). */
export function fillingsToTry(definition: ApiDefinition): readonly Readonly<Record<string, string | number>>[] {
  const ends = ({ domain }: ApiParameter): readonly (string | number)[] => {
    if ('values' in domain) return [domain.values[0] ?? '', domain.values.at(-1) ?? ''];
    return [domain.from, domain.from + Math.floor((domain.to - domain.from) / domain.step) * domain.step];
  };
  const first = Object.fromEntries(definition.parameters.map((parameter) => [parameter.name, ends(parameter)[0] ?? '']));
  return [first, ...definition.parameters.map((parameter) => ({ ...first, [parameter.name]: ends(parameter)[1] ?? '' }))];
}
