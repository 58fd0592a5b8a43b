import { FAMILY_NAMES, GIVEN_FEMALE, GIVEN_MALE } from '../../src/synthetic/dictionaries.ts';
import { below, element, literal, ROW, type Sql, skewed, skewedIndex, streamKey, unitInterval } from '../../src/synthetic/draw.ts';
import { usccSql, withResidentCheck } from '../../src/synthetic/identifier-sql.ts';

/** Vocabulary of the city: the closed lists of `declaration.json`, by `table.column`. */
export type Vocabulary = (column: string) => readonly (string | number)[];

export interface CitySize {
  readonly residents: number;
  readonly visits: number;
  readonly enterprises: number;
}

/** People of the four villages with fewer than ten: 云顶村, 孤屿村, 石塘村, 竹坑村. */
export const TINY_VILLAGES = [3, 5, 7, 9] as const;
/** Enterprise 0 holds nearly all revenue of its industry. */
export const DOMINANT_INDUSTRY = '汽车制造业';
const VILLAGES = 240;
const VILLAGES_PER_DISTRICT = 24;
const HEAVY_PATIENTS = 5;

const key = (name: string): string => streamKey('city-health', name);
const rows = (count: number): Sql => `SELECT range AS ${ROW} FROM range(${count})`;

export function hospitalsSql(words: Vocabulary): Sql {
  const hospitals = words('visits.hospital');
  const place = element(words('residents.district'), `CASE WHEN ${ROW} BETWEEN 8 AND 17 THEN ${ROW} - 8 ELSE ${ROW} % 10 END`);
  const level = `CASE WHEN ${ROW} < 5 THEN '三级' WHEN ${ROW} < 18 THEN '二级' ELSE '一级' END`;
  const beds = `CASE WHEN ${ROW} < 5 THEN 1200 + ${below(key('beds'), 1800)} WHEN ${ROW} < 18 THEN 200 + ${below(key('beds'), 600)} ELSE 12 + ${below(key('beds'), 60)} END`;
  return `CREATE TABLE hospitals AS SELECT ${element(hospitals, ROW)} AS hospital, ${place} AS hospital_district, ${level} AS level, ${beds} AS beds FROM (${rows(hospitals.length)})`;
}

export function enterprisesSql(words: Vocabulary, size: CitySize): Sql {
  const industries = words('enterprises.industry');
  const dominant = industries.indexOf(DOMINANT_INDUSTRY);
  const industry = element(
    industries,
    `CASE WHEN ${ROW} = 0 THEN ${dominant} ELSE (${skewedIndex(key('industry'), 0.6, industries.length)} * 7 + 13) % ${industries.length} END`,
  );
  const scale = `CASE WHEN ${ROW} = 0 THEN 3 ELSE ${skewedIndex(key('size'), 0.25, 4)} END`;
  const capital = `least(10000000000, 10000 + power10 * (1 + ${below(key('capital'), 90)}))`;
  const name = `${element(words('residents.district'), below(key('seat'), 10))}[1:2] || ${element(['宏', '瑞', '泰', '鼎', '盛', '恒', '嘉', '信', '华', '远'], below(key('n1'), 10))} || ${element(['达', '丰', '通', '源', '隆', '辉', '安', '和', '兴', '力'], below(key('n2'), 10))} || ${ROW}::VARCHAR || '有限公司'`;
  return `CREATE TABLE enterprises AS SELECT ${ROW}, ${usccSql(`10000000 + ${ROW} * 8111`, { mode: 'safe', mark: 'city-health' })} AS uscc, ${name} AS enterprise_name, ${industry} AS industry,
    ${element(words('residents.district'), skewedIndex(key('edistrict'), 0.5, 10))} AS enterprise_district, ${element(words('enterprises.size_class'), '__size')} AS size_class,
    (DATE '1985-01-01' + ${below(key('established'), 14600)}::INTEGER) AS established, CAST(${capital} AS DECIMAL(16,2)) AS registered_capital, __size
    FROM (SELECT *, [10000, 100000, 2000000, 50000000][__size + 1] AS power10 FROM (SELECT *, ${scale} AS __size FROM (${rows(size.enterprises)})))`;
}

export function taxSql(): Sql {
  const cell = `e.${ROW} * 10000 + y.year`;
  const usual = `([200000, 3000000, 40000000, 400000000][e.__size + 1] * (0.2 + ${skewed(key('revenue'), 0.15, cell)} * 6))`;
  // Twelve billion a year beside at most a few dozen million of every other car maker.
  const carMaker = `CASE WHEN e.${ROW} = 0 THEN 120000000000 + ${below(key('giant'), 9_000_000_000, cell)} ELSE least(${usual}, 30000000) END`;
  const revenue = `CASE WHEN e.industry = ${literal(DOMINANT_INDUSTRY)} THEN ${carMaker} ELSE ${usual} END`;
  return `CREATE TABLE tax AS SELECT uscc, year, CAST(amount AS DECIMAL(18,2)) AS revenue, CAST(amount * (0.01 + share * 0.06) AS DECIMAL(16,2)) AS tax_paid
    FROM (SELECT e.uscc, y.year, (${revenue})::DOUBLE AS amount, ${unitInterval(key('rate'), cell)} AS share, ${below(key('filed'), 10, cell)} AS filed, e.${ROW} AS row
      FROM enterprises e, (SELECT unnest([2021, 2022, 2023, 2024, 2025]) AS year) y WHERE year(e.established) <= y.year)
    WHERE filed > 0 OR row = 0`;
}

export function residentsSql(words: Vocabulary, size: CitySize): readonly Sql[] {
  const tinyEnds = TINY_VILLAGES.map((_, index) => TINY_VILLAGES.slice(0, index + 1).reduce((sum: number, people) => sum + people, 0));
  const village = `CASE ${tinyEnds.map((end, index) => `WHEN ${ROW} < ${end} THEN ${VILLAGES + index}`).join(' ')} ELSE (${skewedIndex(key('village'), 0.6, VILLAGES)} * 77) % ${VILLAGES} END`;
  const district = `CASE WHEN __village >= ${VILLAGES} THEN 8 ELSE __village // ${VILLAGES_PER_DISTRICT} END`;
  const age = `((${unitInterval(key('age1'))} + ${unitInterval(key('age2'))}) * 45)`;
  const born = `DATE '2025-12-31' - floor(${age} * 365.25)::INTEGER`;
  const base = `SELECT *, ${district} AS __district, 2025 - year(__born) AS __age FROM
    (SELECT *, ${village} AS __village, ${born} AS __born, ${below(key('sex'), 1000)} < 507 AS __male FROM (${rows(size.residents)}))`;
  // Persons of one birthday and sex are numbered, so that no two share an ID.
  const numbered = `SELECT *, row_number() OVER (PARTITION BY __born, __male ORDER BY ${ROW}) - 1 AS __nth FROM (${base})`;
  const sequence = `lpad(((__nth % 500) * 2 + __male::INTEGER)::VARCHAR, 3, '0')`;
  const region = `'3399' || lpad((__district + 1 + 10 * (__nth // 500))::VARCHAR, 2, '0')`;
  const id = withResidentCheck(`${region} || strftime(__born, '%Y%m%d') || ${sequence}`);
  const given = (stream: string): Sql =>
    `CASE WHEN __male THEN ${element(GIVEN_MALE, below(key(stream), GIVEN_MALE.length))} ELSE ${element(GIVEN_FEMALE, below(key(stream), GIVEN_FEMALE.length))} END`;
  const name = `${element(FAMILY_NAMES, below(key('family'), FAMILY_NAMES.length))} || ${given('given1')} || CASE WHEN ${below(key('two'), 5)} = 0 THEN '' ELSE ${given('given2')} END`;
  const employer = `CASE WHEN __age BETWEEN 18 AND 64 AND ${below(key('employed'), 10)} < 6 THEN ${skewedIndex(key('employer'), 0.08, size.enterprises)} END`;
  const wage = `(18000 + 60000 * ${unitInterval(key('wage'))} + 4900000 * ${skewed(key('tail'), 0.0015)})`;
  const income = `CASE WHEN __age < 18 THEN NULL WHEN __age >= 65 THEN 12000 + 50000 * ${unitInterval(key('pension'))} WHEN __employer IS NULL THEN 30000 * ${unitInterval(key('odd'))} ELSE ${wage} END`;
  const ill = `CASE WHEN ${below(key('ill'), 100)} * 100 < __age * __age THEN 1 + ${skewedIndex(key('illness'), 0.8, 4)} ELSE 0 END`;
  const chronic = element(words('residents.chronic'), `CASE WHEN __age < 20 THEN 0 ELSE ${ill} END`);
  const made = `CREATE TABLE residents AS SELECT b.${ROW}, ${id} AS resident_id, ${name} AS name, __born AS birth_date, CASE WHEN __male THEN '男' ELSE '女' END AS gender,
    ${element(words('residents.district'), '__district')} AS district, ${element(words('residents.village'), '__village')} AS village, e.uscc AS employer,
    CAST(${income} AS DECIMAL(12,2)) AS income, ${chronic} AS chronic
    FROM (SELECT *, ${employer} AS __employer FROM (${numbered})) b LEFT JOIN (SELECT ${ROW} AS __e, uscc FROM enterprises) e ON e.__e = b.__employer`;
  return [made];
}

/** Rows of visits with meanings of their own: few people with many visits, a rare disease that one person dominates, a rarer one. */
export function visitsSql(words: Vocabulary, size: CitySize): readonly Sql[] {
  const heavy = Math.floor(size.visits / 1000);
  const gaucher = heavy + 300;
  const huntington = gaucher + 12;
  const kind = `CASE WHEN ${ROW} < ${heavy} THEN 1 WHEN ${ROW} < ${gaucher} THEN 2 WHEN ${ROW} < ${huntington} THEN 3 ELSE 0 END`;
  const anyone = `(${skewedIndex(key('patient'), 0.15, size.residents)} * 7919 + 24) % ${size.residents}`;
  const patient = `CASE __kind WHEN 1 THEN 30 + ${skewedIndex(key('heavy'), 0.5, HEAVY_PATIENTS)} WHEN 2 THEN 60 + ${ROW} % 14 WHEN 3 THEN 90 + ${ROW} % 4 ELSE ${anyone} END`;
  const department = `CASE __kind WHEN 1 THEN 5 WHEN 2 THEN 0 WHEN 3 THEN 9 ELSE (${skewedIndex(key('department'), 0.6, 12)} * 5) % 12 END`;
  const diagnosis = `CASE __kind WHEN 1 THEN 21 WHEN 2 THEN 48 WHEN 3 THEN 49 ELSE __department * 4 + ${skewedIndex(key('diagnosis'), 0.4, 4)} END`;
  const winter = `CASE WHEN ${below(key('winter'), 5)} = 0 THEN (${below(key('year'), 3)} * 365 + ${below(key('day'), 60)}) ELSE ${below(key('date'), 1096)} END`;
  const usual = `(8 + 60 * ${unitInterval(key('fee'))} + 180000 * ${skewed(key('cost'), 0.0012)})`;
  const cost = `CASE __kind WHEN 1 THEN 380 + 500 * ${unitInterval(key('fee'))} WHEN 2 THEN (CASE WHEN ${ROW} % 14 = 0 THEN 280000 + 90000 * ${unitInterval(key('fee'))} ELSE 100 + 400 * ${unitInterval(key('fee'))} END) ELSE ${usual} END`;
  const hospitals = words('visits.hospital');
  const drawn = `SELECT ${ROW}, __patient, __department, ${diagnosis} AS __diagnosis, ${winter} AS __day, (${cost}) AS __cost,
    (${skewedIndex(key('hospital'), 0.12, hospitals.length)}) AS __hospital, ${skewedIndex(key('insurance'), 0.9, 3)} AS __insurance
    FROM (SELECT *, ${patient} AS __patient, ${department} AS __department FROM (SELECT *, ${kind} AS __kind FROM (${rows(size.visits)})))`;
  // Numbers are joined and sorted, words put in their place last: sorting two million rows of text takes twice the time.
  const sorted = `SELECT v.*, r.resident_id FROM (${drawn}) v JOIN residents r ON r.${ROW} = v.__patient ORDER BY v.${ROW}`;
  const made = `SELECT 'V' || lpad(${ROW}::VARCHAR, 9, '0') AS visit_id, resident_id, ${element(hospitals, '__hospital')} AS hospital, ${element(words('visits.department'), '__department')} AS department,
    ${element(words('visits.diagnosis'), '__diagnosis')} AS diagnosis, ${element(words('visits.insurance'), '__insurance')} AS insurance, (DATE '2023-01-01' + __day::INTEGER) AS visit_date, CAST(__cost AS DECIMAL(10,2)) AS cost
    FROM (${sorted})`;
  return [made];
}
