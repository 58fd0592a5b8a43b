const TEXT = /'(?:[^']|'')*'|"(?:[^"]|"")*"/y;
const PER_UNIT = / GROUP BY 1(?:, \d+)*$/;
const NAMED = /^ AS t\d+\b/;
const INSTANCE = /\bt\d+(?=\.")/g;
const DEFINED = /(?:"|\)) AS (t\d+)\b/g;
const SAMPLED = /\(SELECT \* FROM "(?:[^"]|"")+" WHERE "(?:[^"]|"")+" < \d+\) AS t\d+\b/;

/** A table that a statement makes of others: what stands for it in the text, brackets included. */
export interface MadeTable {
  readonly start: number;
  readonly end: number;
  /** The SELECT, without brackets. */
  readonly select: string;
}

/**
 * The tables of per-unit features that a printed statement makes under the name of an instance, outermost ones only. The
 * same text makes the same rows whenever it is run, because a sealed file never changes. Left out: what refers to rows
 * around it, and what reads a sample of units. Source: performance.md §3.12 (per-unit features), ADR 0013.
 */
export function madeTables(sql: string): readonly MadeTable[] {
  const found: MadeTable[] = [];
  const open: number[] = [];
  for (let at = 0; at < sql.length; at++) {
    const char = sql[at];
    if (char === "'" || char === '"') {
      TEXT.lastIndex = at;
      const quoted = TEXT.exec(sql);
      if (quoted === null) return [];
      at += quoted[0].length - 1;
    } else if (char === '(') open.push(at);
    else if (char === ')') {
      const start = open.pop();
      if (start === undefined) return [];
      const select = sql.slice(start + 1, at);
      const isMade = select.startsWith('SELECT t') && PER_UNIT.test(select) && NAMED.test(sql.slice(at + 1, at + 12));
      if (!isMade || SAMPLED.test(select) || !standsAlone(select)) continue;
      while ((found.at(-1)?.start ?? -1) > start) found.pop();
      found.push({ start, end: at + 1, select });
    }
  }
  return found;
}

function standsAlone(select: string): boolean {
  const bare = select.replace(/'(?:[^']|'')*'/g, "''");
  const defined = new Set([...bare.matchAll(DEFINED)].map((match) => match[1]));
  return [...bare.matchAll(INSTANCE)].every(([name]) => defined.has(name));
}
