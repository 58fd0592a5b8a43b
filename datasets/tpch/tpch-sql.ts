import { COLOURS, COMMENT_WORDS, CONTAINERS, INSTRUCTIONS, MODES, NATIONS, PRIORITIES, REGIONS, SEGMENTS, TYPES } from './words.ts';

type Sql = string;

/** Names of the tables, in an order in which every table follows those it refers to. */
export const TPCH_TABLES = ['region', 'nation', 'part', 'supplier', 'partsupp', 'customer', 'orders', 'lineitem'] as const;

/** Orders are placed over this many days from 1992-01-01, so that the last parcel arrives in 1998. */
const ORDER_DAYS = 2406;
/** The day on which the tables are looked at. */
const TODAY = "DATE '1995-06-17'";

/** A whole number from 0 below `count`, drawn for a row and a column. */
const below = (row: Sql, column: number, count: number | Sql): Sql => `(hash(${row}, ${column}) % ${count})::INTEGER`;
const list = (words: readonly string[]): Sql => `[${words.map((word) => `'${word}'`).join(', ')}]`;
const element = (words: readonly string[], row: Sql, column: number): Sql => `${list(words)}[1 + ${below(row, column, words.length)}]`;
const cents = (row: Sql, column: number, from: number, to: number): Sql =>
  `((${below(row, column, (to - from) * 100 + 1)} + ${from * 100}) / 100)::DECIMAL(15,2)`;
const joined = (lists: readonly (readonly string[])[], row: Sql, column: number): Sql =>
  lists.map((words, index) => element(words, row, column + index)).join(` || ' ' || `);
const comment = (row: Sql, column: number): Sql => joined([COMMENT_WORDS, COMMENT_WORDS, COMMENT_WORDS], row, column);
const phone = (nation: Sql, row: Sql, column: number): Sql =>
  `(${nation} + 10)::VARCHAR || '-' || (100 + ${below(row, column, 900)})::VARCHAR || '-' || (100 + ${below(row, column + 1, 900)})::VARCHAR || '-' || (1000 + ${below(row, column + 2, 9000)})::VARCHAR`;
const numbered = (prefix: string, key: Sql): Sql => `'${prefix}#' || lpad((${key})::VARCHAR, 9, '0')`;

/** Integer keys of which the n-th supplier (0 … 3) of a part is one; the four differ. */
const supplierOf = (part: Sql, nth: Sql, suppliers: number): Sql =>
  `(1 + (${part} + (${part} - 1) // ${suppliers} + ${nth} * ${Math.floor(suppliers / 4)}) % ${suppliers})::INTEGER`;
const retailPrice = (part: Sql): Sql => `((90000 + ((${part}) // 10) % 20001 + 100 * ((${part}) % 1000)) / 100)::DECIMAL(15,2)`;

interface TpchSize {
  readonly parts: number;
  readonly suppliers: number;
  readonly customers: number;
  readonly orders: number;
}

/** Rows of the tables whose number is fixed by the scale factor; lineitem has about four rows per order. */
export function tpchSize(scale: number): TpchSize {
  const suppliers = Math.max(100, Math.round(10_000 * scale));
  return {
    suppliers,
    parts: 20 * suppliers,
    customers: Math.max(15, Math.round(150_000 * scale)),
    orders: Math.max(150, Math.round(1_500_000 * scale)),
  };
}

/**
 * Statements that fill an empty DuckDB database with the eight tables of TPC-H. Keys, types, lists and distributions follow
 * the specification; comments are shorter and texts are our own. Every value is drawn from a hash of its row's key: the
 * same engine gives the same rows whatever its threads.
 *
 * @param scale  scale factor; below 0.01 parts and suppliers do not shrink further.
 */
export function tpchSql(scale: number): readonly Sql[] {
  const size = tpchSize(scale);
  return [
    `CREATE TABLE region AS SELECT i::INTEGER AS r_regionkey, ${list(REGIONS)}[i + 1] AS r_name, ${comment('i', 1)} AS r_comment FROM range(5) t(i)`,
    `CREATE TABLE nation AS SELECT i::INTEGER AS n_nationkey, ${list(NATIONS.map(([name]) => name))}[i + 1] AS n_name,
      [${NATIONS.map(([, region]) => region).join(', ')}][i + 1]::INTEGER AS n_regionkey, ${comment('i', 11)} AS n_comment FROM range(25) t(i)`,
    partSql(size),
    supplierSql(size),
    partsuppSql(size),
    customerSql(size),
    ...orderSql(size),
  ];
}

function partSql(size: TpchSize): Sql {
  const maker = `(1 + ${below('i', 22, 5)})`;
  return `CREATE TABLE part AS SELECT i::INTEGER AS p_partkey, ${joined([COLOURS, COLOURS, COLOURS, COLOURS, COLOURS], 'i', 101)} AS p_name,
    'Manufacturer#' || ${maker}::VARCHAR AS p_mfgr, 'Brand#' || ${maker}::VARCHAR || (1 + ${below('i', 23, 5)})::VARCHAR AS p_brand,
    ${joined(TYPES, 'i', 24)} AS p_type, 1 + ${below('i', 28, 50)} AS p_size, ${joined(CONTAINERS, 'i', 29)} AS p_container,
    ${retailPrice('i')} AS p_retailprice, ${comment('i', 32)} AS p_comment FROM range(1, ${size.parts} + 1) t(i)`;
}

function supplierSql(size: TpchSize): Sql {
  const nation = below('i', 41, 25);
  return `CREATE TABLE supplier AS SELECT i::INTEGER AS s_suppkey, ${numbered('Supplier', 'i')} AS s_name, ${comment('i', 42)} AS s_address,
    ${nation} AS s_nationkey, ${phone(nation, 'i', 45)} AS s_phone, ${cents('i', 48, -1000, 10000)} AS s_acctbal, ${comment('i', 49)} AS s_comment
    FROM range(1, ${size.suppliers} + 1) t(i)`;
}

function partsuppSql(size: TpchSize): Sql {
  const row = 'p * 4 + n';
  return `CREATE TABLE partsupp AS SELECT p::INTEGER AS ps_partkey, ${supplierOf('p', 'n', size.suppliers)} AS ps_suppkey,
    1 + ${below(row, 51, 9999)} AS ps_availqty, ${cents(row, 52, 1, 1000)} AS ps_supplycost, ${comment(row, 53)} AS ps_comment
    FROM range(1, ${size.parts} + 1) a(p), range(4) b(n) ORDER BY ps_partkey, ps_suppkey`;
}

function customerSql(size: TpchSize): Sql {
  const nation = below('i', 61, 25);
  return `CREATE TABLE customer AS SELECT i::INTEGER AS c_custkey, ${numbered('Customer', 'i')} AS c_name, ${comment('i', 62)} AS c_address,
    ${nation} AS c_nationkey, ${phone(nation, 'i', 65)} AS c_phone, ${cents('i', 68, -1000, 10000)} AS c_acctbal,
    ${element(SEGMENTS, 'i', 69)} AS c_mktsegment, ${comment('i', 70)} AS c_comment FROM range(1, ${size.customers} + 1) t(i)`;
}

/** Orders and their lines. A customer whose key is a multiple of three has none; keys of orders have gaps. */
function orderSql(size: TpchSize): readonly Sql[] {
  const buyers = size.customers - Math.floor(size.customers / 3);
  const nth = below('i', 81, buyers);
  const heads = `SELECT i, ((i - 1) // 8 * 32 + (i - 1) % 8 + 1)::INTEGER AS okey, (1 + ${nth} + ${nth} // 2)::INTEGER AS cust,
    DATE '1992-01-01' + ${below('i', 82, ORDER_DAYS)} AS placed, 1 + ${below('i', 83, 7)} AS lines FROM range(1, ${size.orders} + 1) t(i)`;
  const drawn = `SELECT okey, line, placed, (i * 8 + line) AS row FROM heads, LATERAL (SELECT unnest(range(1, lines + 1)) AS line)`;
  const priced = `SELECT *, (1 + ${below('row', 84, size.parts)}) AS part, 1 + ${below('row', 85, 50)} AS quantity,
    placed + 1 + ${below('row', 86, 121)} AS shipped FROM (${drawn})`;
  const lines = `CREATE TABLE lineitem AS SELECT okey AS l_orderkey, part AS l_partkey, ${supplierOf('part', below('row', 87, 4), size.suppliers)} AS l_suppkey,
    line::INTEGER AS l_linenumber, quantity::DECIMAL(15,2) AS l_quantity, (quantity * ${retailPrice('part')})::DECIMAL(15,2) AS l_extendedprice,
    (${below('row', 88, 11)} / 100)::DECIMAL(15,2) AS l_discount, (${below('row', 89, 9)} / 100)::DECIMAL(15,2) AS l_tax,
    CASE WHEN arrived > ${TODAY} THEN 'N' WHEN ${below('row', 90, 2)} = 0 THEN 'R' ELSE 'A' END AS l_returnflag,
    CASE WHEN shipped > ${TODAY} THEN 'O' ELSE 'F' END AS l_linestatus, shipped AS l_shipdate, placed + 30 + ${below('row', 91, 61)} AS l_commitdate,
    arrived AS l_receiptdate, ${element(INSTRUCTIONS, 'row', 92)} AS l_shipinstruct, ${element(MODES, 'row', 93)} AS l_shipmode, ${comment('row', 94)} AS l_comment
    FROM (SELECT *, shipped + 1 + ${below('row', 97, 30)} AS arrived FROM (${priced})) ORDER BY l_orderkey, l_linenumber`;
  const totals = `SELECT l_orderkey, sum((l_extendedprice * (1 + l_tax) * (1 - l_discount))::DECIMAL(15,2))::DECIMAL(15,2) AS total,
    min(l_linestatus) AS first, max(l_linestatus) AS last FROM lineitem GROUP BY l_orderkey`;
  const orders = `CREATE TABLE orders AS SELECT okey AS o_orderkey, cust AS o_custkey, CASE WHEN first = last THEN first ELSE 'P' END AS o_orderstatus,
    total AS o_totalprice, placed AS o_orderdate, ${element(PRIORITIES, 'i', 71)} AS o_orderpriority,
    ${numbered('Clerk', `1 + ${below('i', 72, Math.max(10, Math.round(size.orders / 1500)))}`)} AS o_clerk, 0::INTEGER AS o_shippriority, ${comment('i', 73)} AS o_comment
    FROM heads JOIN (${totals}) ON l_orderkey = okey ORDER BY o_orderkey`;
  return [`CREATE TEMP TABLE heads AS ${heads}`, lines, orders, 'DROP TABLE heads'];
}
