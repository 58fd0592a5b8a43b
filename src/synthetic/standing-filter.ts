/** What simple standing filters demand of one column. Inclusive limits; `exclusive…` for < and >. */
export interface ColumnDemand {
  readonly oneOf?: readonly (string | number)[];
  readonly noneOf?: readonly (string | number)[];
  readonly least?: number | string;
  readonly most?: number | string;
  readonly leastExclusive?: boolean;
  readonly mostExclusive?: boolean;
  readonly present?: boolean;
  readonly absent?: boolean;
}

export interface ReadFilters {
  readonly demands: ReadonlyMap<string, ColumnDemand>;
  /** Filters too rich for this reader. Rows are drawn without regard to them, and the loader takes out what fails. */
  readonly unread: readonly string[];
}

const NAME = '("(?:[^"]|"")+"|[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*)';
const VALUE = "((?:DATE\\s*|TIMESTAMP\\s*)?'(?:[^']|'')*'|-?\\d+(?:\\.\\d+)?)";
const COMPARISON = new RegExp(`^${NAME}\\s*(=|<>|!=|>=|<=|>|<)\\s*${VALUE}$`, 'iu');
const BETWEEN = new RegExp(`^${NAME}\\s+BETWEEN\\s+${VALUE}\\s+AND\\s+${VALUE}$`, 'iu');
const IN_LIST = new RegExp(`^${NAME}\\s+(NOT\\s+)?IN\\s*\\(\\s*(${VALUE}(?:\\s*,\\s*${VALUE})*)\\s*\\)$`, 'iu');
const NULLNESS = new RegExp(`^${NAME}\\s+IS\\s+(NOT\\s+)?NULL$`, 'iu');

/**
 * Reads the standing filters that are one comparison of a column with literals (=, <>, <, >, BETWEEN, IN, IS NULL), or
 * several joined by AND. Column names come back folded to lower case. Does not evaluate anything and refuses nothing.
 * Source: formats.md (standingFilters); requirements GZ-7a.
 */
export function readStandingFilters(filters: readonly string[]): ReadFilters {
  const demands = new Map<string, ColumnDemand>();
  const unread: string[] = [];
  for (const filter of filters) {
    const read = conjuncts(filter).map(readConjunct);
    if (read.some((item) => item === undefined)) unread.push(filter);
    for (const item of read) {
      if (item !== undefined) demands.set(item.column, combine(demands.get(item.column), item.demand));
    }
  }
  return { demands, unread };
}

/** Parts between the ANDs that are not a BETWEEN's own, nor inside quotes. */
function conjuncts(filter: string): readonly string[] {
  const parts = [''];
  let between = false;
  for (const [token] of filter.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}\p{M}\p{N}_]+|[\s\S]/gu)) {
    const word = token.toUpperCase();
    if (word === 'AND' && !between) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${token}`);
    if (word === 'BETWEEN' || word === 'AND') between = word === 'BETWEEN';
  }
  return parts.map((part) => part.trim());
}

function readConjunct(text: string): { readonly column: string; readonly demand: ColumnDemand } | undefined {
  const nullness = NULLNESS.exec(text);
  if (nullness !== null) return { column: nameOf(nullness[1]), demand: nullness[2] === undefined ? { absent: true } : { present: true } };
  const between = BETWEEN.exec(text);
  if (between !== null)
    return { column: nameOf(between[1]), demand: { least: literalValue(between[2]), most: literalValue(between[3]), present: true } };
  const list = IN_LIST.exec(text);
  if (list !== null) {
    const values = [...(list[3] ?? '').matchAll(new RegExp(VALUE, 'giu'))].map((match) => literalValue(match[0]));
    return {
      column: nameOf(list[1]),
      demand: list[2] === undefined ? { oneOf: values, present: true } : { noneOf: values, present: true },
    };
  }
  const comparison = COMPARISON.exec(text);
  if (comparison === null) return undefined;
  return { column: nameOf(comparison[1]), demand: compared(comparison[2] ?? '', literalValue(comparison[3])) };
}

function compared(operator: string, value: string | number): ColumnDemand {
  switch (operator) {
    case '=':
      return { oneOf: [value], present: true };
    case '>=':
      return { least: value, present: true };
    case '>':
      return { least: value, leastExclusive: true, present: true };
    case '<=':
      return { most: value, present: true };
    case '<':
      return { most: value, mostExclusive: true, present: true };
    default:
      return { noneOf: [value], present: true };
  }
}

/** Both demands at once. Of two limits on one side the later one stands: contradictions show as an empty range. */
function combine(first: ColumnDemand | undefined, second: ColumnDemand): ColumnDemand {
  if (first === undefined) return second;
  const oneOf =
    first.oneOf !== undefined && second.oneOf !== undefined ? first.oneOf.filter((value) => second.oneOf?.includes(value)) : undefined;
  const noneOf = [...(first.noneOf ?? []), ...(second.noneOf ?? [])];
  return { ...first, ...second, ...(oneOf === undefined ? {} : { oneOf }), ...(noneOf.length === 0 ? {} : { noneOf }) };
}

function nameOf(text: string | undefined): string {
  const name = text ?? '';
  return (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name).toLowerCase();
}

function literalValue(text: string | undefined): string | number {
  const value = text ?? '';
  const quote = value.indexOf("'");
  return quote < 0 ? Number(value) : value.slice(quote + 1, -1).replaceAll("''", "'");
}
