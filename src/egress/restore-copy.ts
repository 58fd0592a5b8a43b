import type { ReleaseCell, ReleaseTable } from './release-content.ts';
import type { MarkPlan } from './watermark.ts';

const OWN_APOSTROPHE = /^'(?=[=+\-@\t\r\n＝＋－＠])/;
const NUMBER = /^([+-]?)(\d[\d,]*)(?:\.(\d*))?$/;
const DAY = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?$/;

/**
 * A copy that went through other programs, in the spelling of what was released: columns by name, anchors as they were, numbers with the decimals that they had.
 * Rows are found by their anchors; where anchors are gone, by all that the copy still has, numbers without the bit that a mark changes. A row that is
 * none of the original, or more than one, stays as it is. Makes nothing up: no number is taken from the original.
 * Source: Agrawal, Kiernan 2002 §4 (attacks: re-sorted, cut, columns dropped); requirements.md GZ-27c.
 */
export function restoreCopy(copy: ReleaseTable, original: ReleaseTable, plan: MarkPlan): ReleaseTable {
  const names = new Map(original.columns.map(({ name }) => [plainName(name), name]));
  const columns = copy.columns.map((column) => ({ ...column, name: names.get(plainName(column.name)) ?? column.name }));
  const here = new Map(columns.map(({ name }, at) => [name, at]));
  const there = new Map(original.columns.map(({ name }, at) => [name, at]));
  const shared = original.columns.map(({ name }) => name).filter((name) => here.has(name));
  const hasAnchors = plan.anchors.every((name) => here.has(name));
  const keys = hasAnchors ? plan.anchors : shared;
  const decimals = new Map(plan.columns.map((name) => [name, decimalsOf(original.rows, there.get(name) ?? -1)]));
  const keyCell = (name: string, cell: ReleaseCell): string => {
    const scale = decimals.get(name);
    return scale === undefined ? plainCell(cell) : withoutBit(withDecimals(cell, scale));
  };
  const keyOf = (row: readonly ReleaseCell[], places: ReadonlyMap<string, number>): string =>
    JSON.stringify(keys.map((name) => keyCell(name, row[places.get(name) ?? -1] ?? null)));
  const rowOf = uniqueRows(original.rows, (row) => keyOf(row, there));
  const missing = plan.anchors.filter((name) => !here.has(name)).map((name) => ({ name, type: 'VARCHAR' }));
  const rows = copy.rows.map((row) => {
    const source = rowOf.get(keyOf(row, here));
    const at = (name: string): ReleaseCell => source?.[there.get(name) ?? -1] ?? null;
    const own = columns.map(({ name }, place) => {
      const cell = row[place] ?? null;
      const scale = decimals.get(name);
      if (scale !== undefined) return withDecimals(cell, scale);
      return source !== undefined && plan.anchors.includes(name) ? at(name) : cell;
    });
    return [...own, ...missing.map(({ name }) => at(name))];
  });
  return { columns: [...columns, ...missing], rows };
}

/** By key; rows that share one are left out unless they are alike. */
function uniqueRows(
  rows: readonly (readonly ReleaseCell[])[],
  keyOf: (row: readonly ReleaseCell[]) => string,
): ReadonlyMap<string, readonly ReleaseCell[] | undefined> {
  const found = new Map<string, readonly ReleaseCell[] | undefined>();
  for (const row of rows) {
    const key = keyOf(row);
    found.set(key, found.has(key) ? undefined : row);
  }
  return found;
}

function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/^\uFEFF/, '')
    .replace(OWN_APOSTROPHE, '')
    .trim()
    .toLowerCase();
}

/** One spelling of what spreadsheets and databases write differently. */
function plainCell(cell: ReleaseCell): string {
  const text = plainText(cell).replace(OWN_APOSTROPHE, '');
  const [, sign = '', whole = '', part = ''] = NUMBER.exec(text) ?? [];
  if (whole !== '') {
    const decimals = part.replace(/0+$/, '');
    return `${sign === '-' ? '-' : ''}${whole.replaceAll(',', '').replace(/^0+(?=\d)/, '')}${decimals === '' ? '' : `.${decimals}`}`;
  }
  const [, year, month = '', day = ''] = DAY.exec(text) ?? [];
  return year === undefined ? text.toLowerCase() : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function plainText(cell: ReleaseCell): string {
  return String(cell ?? '')
    .normalize('NFKC')
    .trim();
}

/** Decimals that the numbers of a column were released with. */
function decimalsOf(rows: readonly (readonly ReleaseCell[])[], place: number): number {
  return rows.reduce((most, row) => Math.max(most, /\.(\d+)$/.exec(String(row[place] ?? ''))?.[1]?.length ?? 0), 0);
}

/** The number with so many decimals, where zeros at its end were dropped or added; as it is where a digit would have to go. */
function withDecimals(cell: ReleaseCell, decimals: number): ReleaseCell {
  const [, sign = '', whole = '', part = ''] = NUMBER.exec(plainText(cell).replace(OWN_APOSTROPHE, '')) ?? [];
  if (whole === '' || /[1-9]/.test(part.slice(decimals))) return cell;
  const kept = part.slice(0, decimals).padEnd(decimals, '0');
  return `${sign === '-' ? '-' : ''}${whole.replaceAll(',', '')}${decimals === 0 ? '' : `.${kept}`}`;
}

/** A number without the bit that a mark may have changed. */
function withoutBit(cell: ReleaseCell): string {
  return String(cell ?? '').replace(/\d$/, (digit) => String(Number(digit) & ~1));
}
