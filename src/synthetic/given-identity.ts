import { findColumn } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { below, literal, ROW, type Sql } from './draw.ts';
import { residentIdOf } from './identifier-sql.ts';
import { columnStream, givenTable, sexValues, type TableContext } from './table-context.ts';

/** Places times sequences of one sex: as many people of one birthday and sex have different IDs. */
const SPACE = 31 * 500;
/** Coprime to the space: neighbours lie apart. */
const STEP = 6007;

/** Whether a model has drawn birth date or sex, so that the resident ID has to follow from them. Own design: ADR 0016. */
export function isIdentityGiven(context: TableContext): boolean {
  const given = context.given?.columns ?? [];
  return (
    context.idColumn !== undefined &&
    ((context.birthColumn !== undefined && given.includes(context.birthColumn)) ||
      (context.sexColumn !== undefined && given.includes(context.sexColumn)))
  );
}

/**
 * `rows` with a resident ID as `__id` whose birth date and sex are those that a model has drawn; what it has not drawn is left to
 * chance. People of one birthday and sex are numbered, so that no two share an ID. Safe regions only.
 * Source: GB 11643-1999; synthetic-and-masking.md §4.1 (sample: L0 generators fill ids).
 */
export function withGivenIdentity(context: TableContext, rows: Sql): Sql {
  const given = context.given?.columns ?? [];
  const stream = columnStream(context, context.idColumn ?? '', 'given');
  const { firstDay, days } = context.births;
  const anyDay = `(DATE '${firstDay}' + ${below(`${stream}d`, days)}::INTEGER)`;
  const born = context.birthColumn !== undefined && given.includes(context.birthColumn);
  const day = born
    ? `coalesce(g.${quoteName(context.birthColumn ?? '')}, ${anyDay.replaceAll(ROW, `k.${ROW}`)})`
    : anyDay.replaceAll(ROW, `k.${ROW}`);
  const sexes = context.sexColumn === undefined ? undefined : findColumn(context.table, context.sexColumn);
  const male = sexes === undefined ? undefined : sexValues(sexes)?.male;
  const chance = below(`${stream}m`, 2).replaceAll(ROW, `k.${ROW}`);
  const isMale =
    male !== undefined && given.includes(context.sexColumn ?? '')
      ? `coalesce((g.${quoteName(context.sexColumn ?? '')} = ${literal(male)})::INTEGER, ${chance})`
      : chance;
  const facts = `SELECT k.*, ${day} AS __d, ${isMale} AS __m FROM (${rows}) k JOIN ${givenTable(context.index)} g ON g.${ROW} = k.${ROW}`;
  const numbered = `SELECT *, (row_number() OVER (PARTITION BY __d, __m ORDER BY ${ROW}) - 1) * ${STEP} % ${SPACE} AS __nth FROM (${facts})`;
  const id = residentIdOf('__d', '(__nth % 500 * 2 + __m)', '(__nth // 500)', { ...context.style, mode: 'safe' });
  return `SELECT * EXCLUDE (__d, __m, __nth), ${id} AS __id FROM (${numbered})`;
}
