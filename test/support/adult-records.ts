import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attribute, encodeColumn, withHierarchy } from '../../src/masking/anonymity/coded-column.ts';
import { makeRecords, type Records } from '../../src/masking/anonymity/records.ts';
import { readHierarchy } from '../../src/masking/hierarchy.ts';
import { SHARED_DATA } from './shared-data.ts';

/** UCI Adult, 30,162 complete rows with the hierarchies of ARX: all nine attributes, or those named, and a sensitive one. */
export function adultRecords(wanted?: readonly string[], sensitive?: string): Records {
  const text = readFileSync(join(SHARED_DATA ?? '', 'adult/adult-9qi.csv'), 'utf8').trim();
  const [head = [], ...rows] = text.split('\n').map((line) => line.trim().split(';'));
  const attribute = (name: string): Attribute => {
    const column = encodeColumn(
      name,
      rows.map((row) => row[head.indexOf(name)] ?? null),
    );
    const hierarchy = readHierarchy(readFileSync(join(SHARED_DATA ?? '', `adult-hierarchies/${name}.csv`), 'utf8'), name);
    const made = hierarchy.ok ? withHierarchy(column, hierarchy.value, name === 'age') : undefined;
    if (made === undefined) throw new Error(`No hierarchy for ${name}`);
    return made;
  };
  return makeRecords((wanted ?? head).map(attribute), sensitive === undefined ? [] : [attribute(sensitive)], null, rows.length);
}
