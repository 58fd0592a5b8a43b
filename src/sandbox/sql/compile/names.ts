/** The engine folds names; so do we, everywhere names are compared. Source: gate.md §3.3, §4. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Names by which a query calls columns that have others here, told apart where it uses one twice. */
export function calledNames(columns: readonly string[], names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    columns.map((column, index) => {
      const name = names[index] ?? column;
      let free = name;
      for (let again = 2; taken.has(free.toLowerCase()); again++) free = `${name}_${again}`;
      taken.add(free.toLowerCase());
      return [column, free];
    }),
  );
}

/** Marks in the SQL of a later stage what an earlier one releases. Texts of merchants cannot hold it. */
const MARK = '\u0001';

/** Stands for the released rows of a stage, in FROM. */
export function tableToken(stage: string): string {
  return `${MARK}table ${stage}${MARK}`;
}

/** Stands for the one value of a stage. `rounded`: to the grid, like a literal. */
export function scalarToken(stage: string, column: number, rounded: boolean): string {
  return `${MARK}${rounded ? 'rounded' : 'scalar'} ${stage} ${column}${MARK}`;
}

/** Stands for the values of a stage's first column, as an IN list. */
export function listToken(stage: string): string {
  return `${MARK}list ${stage}${MARK}`;
}

/** Replaces every mark of a text; `release` gives the SQL for its words. */
export function replaceTokens(text: string, release: (words: readonly string[]) => string): string {
  return text
    .split(MARK)
    .map((part, index) => (index % 2 === 0 ? part : release(part.split(' '))))
    .join('');
}

/** Whether a text could pass for a mark. */
export function holdsMark(text: string): boolean {
  return text.includes(MARK);
}

/** The stages that a JSON of stages names. */
export function stagesNamed(json: string): readonly string[] {
  const marked = [...json.matchAll(/\\u0001(?:table|list|scalar|rounded) (__[gs]\d+)/g)];
  const tables = [...json.matchAll(/"table":"(__[gs]\d+)"/g)];
  return [...marked, ...tables].map((match) => match[1] ?? '');
}
