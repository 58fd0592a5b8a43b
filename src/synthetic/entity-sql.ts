import { AREA_CODES } from '../identifiers/landline.ts';
import { SAFE_PLATE_LETTER, SAFE_PLATE_SIGNS } from '../identifiers/plate.ts';
import { PROVINCE_NAMES } from '../identifiers/region.ts';
import { ENTERPRISE_TRADES, ENTERPRISE_WORDS, FAMILY_NAMES, GIVEN_FEMALE, GIVEN_MALE, RARE_NAMES, ROADS } from './dictionaries.ts';
import { below, bits, element, literal, type Sql, skewedIndex } from './draw.ts';

/** Plates that `plateSql` can make of one province. */
export const PLATE_CAPACITY = 24 * 10_000;
/** Numbers that `landlineSql` can make with one area code: eight digits, the first a 1. */
export const LANDLINE_CAPACITY = 10_000_000;

const PLATE_LETTERS = [...'ABCDEFGHJKLMNPQRSTUVWXYZ'];
/** One person in so many has a name that breaks careless programs: rare characters, a middle dot, four syllables. */
const RARE = 200;
/** Three people in four live where their ID was issued. Source: synthetic-and-masking.md §3.1. */
const AT_HOME = 4;

/** Name of a person whose sex is the SQL condition `male`. One draw, cut into pieces. Source: synthetic-and-masking.md §3.1 (names). */
export function personNameSql(stream: string, male: Sql): Sql {
  const raw = bits(stream);
  const piece = (shift: number, size: number): Sql => `(((${raw}) >> ${shift}) % ${size})::BIGINT`;
  const family = element(FAMILY_NAMES, piece(0, FAMILY_NAMES.length));
  // Men's characters first, women's behind them: one list for both.
  const given = (shift: number): Sql =>
    element(
      [...GIVEN_MALE, ...GIVEN_FEMALE],
      `${piece(shift, GIVEN_MALE.length)} + CASE WHEN ${male} THEN 0 ELSE ${GIVEN_MALE.length} END`,
    );
  const rare = element(RARE_NAMES, piece(48, RARE_NAMES.length));
  return `CASE WHEN ${piece(36, RARE)} = 0 THEN ${rare} ELSE ${family} || ${given(10)} || CASE WHEN ${piece(32, 4)} > 0 THEN ${given(20)} ELSE '' END END`;
}

/** Name of an enterprise in the province with this two-digit code. Source: synthetic-and-masking.md §3.1. */
export function enterpriseNameSql(stream: string, province: Sql): Sql {
  const word = (part: string): Sql => element(ENTERPRISE_WORDS, below(`${stream}${part}`, ENTERPRISE_WORDS.length));
  const trade = element(ENTERPRISE_TRADES, below(`${stream}t`, ENTERPRISE_TRADES.length));
  return `${byProvince(PROVINCE_NAMES, province)} || ${word('a')} || ${word('b')} || ${trade} || '有限公司'`;
}

/** Address in the province of the ID, or, for one in four, in another; road and number are made up. Source: synthetic-and-masking.md §3.1 (address). */
export function addressSql(stream: string, province: Sql): Sql {
  const codes = Object.keys(PROVINCE_NAMES);
  const elsewhere = element(codes, below(`${stream}e`, codes.length));
  const home = `CASE WHEN ${below(`${stream}h`, AT_HOME)} > 0 THEN ${province} ELSE ${elsewhere} END`;
  const road = element(ROADS, skewedIndex(`${stream}r`, 0.3, ROADS.length));
  return `${byProvince(PROVINCE_NAMES, home)} || ${road} || (${below(`${stream}n`, 998)} + 1)::VARCHAR || '号'`;
}

/** Plate of an office that does not exist, of this province or, where it has that office, its neighbour. Source: synthetic-and-masking.md §3.1 (plates). */
export function plateSql(index: Sql, province: Sql): Sql {
  const letter = element(PLATE_LETTERS, `(${index}) // 10000 % ${PLATE_LETTERS.length}`);
  return `${byProvince(SAFE_PLATE_SIGNS, province)} || '${SAFE_PLATE_LETTER}' || ${letter} || lpad(((${index}) % 10000)::VARCHAR, 4, '0')`;
}

/** Landline number of the province's capital that reaches nobody. Source: synthetic-and-masking.md §3.1. */
export function landlineSql(index: Sql, province: Sql): Sql {
  return `${byProvince(AREA_CODES, province)} || '-1' || lpad((${index})::VARCHAR, 7, '0')`;
}

/** Which of `values` belongs to the region of an identifier: the province's own name where it is among them, else one per code. Source: Own design: ADR 0016. */
export function regionValueSql(values: readonly (string | number)[], province: Sql, region: Sql): Sql {
  const named = Object.entries(PROVINCE_NAMES).flatMap(([code, name]) => {
    const value = values.find((item) => String(item) === code || (String(item).length >= 2 && name.startsWith(String(item))));
    return value === undefined ? [] : [[code, value] as const];
  });
  if (named.length < values.length / 2) return element(values, `(${region})::INTEGER % ${values.length}`);
  const cases = named.map(([code, value]) => `WHEN '${code}' THEN ${literal(value)}`);
  return `CASE ${province} ${cases.join(' ')} ELSE ${element(values, `(${region})::INTEGER % ${values.length}`)} END`;
}

function byProvince(table: Readonly<Record<string, string>>, province: Sql): Sql {
  return `MAP {${Object.entries(table)
    .map(([code, text]) => `'${code}': ${literal(text)}`)
    .join(', ')}}[${province}]`;
}
