import { describe, expect, test } from 'vitest';
import { read, repositoryFiles } from './repository.ts';

const RECORDS = repositoryFiles()
  .filter((name) => /^docs\/adr\/.*\.md$/.test(name))
  .sort();

describe('architecture decision records', () => {
  test('are numbered from 0001 without gap or repetition', () => {
    expect(RECORDS.length).toBeGreaterThan(0);
    const numbers = RECORDS.map((name) => /^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1]);
    expect(numbers).toEqual(RECORDS.map((_name, at) => String(at + 1).padStart(4, '0')));
  });

  test.each(RECORDS)('%s has its number in the title and the four sections in order', (name) => {
    const text = read(name);
    expect(text.startsWith(`# ${Number(name.slice('docs/adr/'.length).slice(0, 4))}. `)).toBe(true);
    expect([...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual(['Status', 'Context', 'Decision', 'Consequences']);
    expect(text).toMatch(/## Status\n\n(Proposed|Accepted|Superseded by \d{4})/);
  });

  test('every record that is cited exists', () => {
    const known = new Set(RECORDS.map((name) => name.slice('docs/adr/'.length).slice(0, 4)));
    const cited = repositoryFiles()
      .filter((name) => /\.(ts|md|cjs)$/.test(name) && !name.includes('/fixture/'))
      .flatMap((name) => [...read(name).matchAll(/\bADR[ -](\d{4})\b/g)].map((match) => ({ name, number: String(match[1]) })));
    expect(cited.filter((item) => !known.has(item.number))).toEqual([]);
  });
});
