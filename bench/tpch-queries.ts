/** A query of TPC-H as an analyst would ask the gate: grouped by public labels and dates, never by customer or order. */
export interface TpchQuery {
  readonly id: string;
  readonly sql: string;
}

const REVENUE = 'l_extendedprice * (1 - l_discount)';
const LINES = 'FROM lineitem JOIN orders ON l_orderkey = o_orderkey';

/**
 * The queries of the gate's bench, plain. Cells: from one (Q6, Q14) over 2,406 days (Qday) to 2,526 days × 7 ship modes
 * (Qmany) at scale factor 1. Source: the speed section.
 */
export const TPCH_QUERIES: readonly TpchQuery[] = [
  {
    id: 'Q1',
    sql: `SELECT l_returnflag, l_linestatus, sum(l_quantity) AS sum_qty, sum(l_extendedprice) AS sum_base_price, sum(${REVENUE}) AS sum_disc_price,
      avg(l_quantity) AS avg_qty, avg(l_extendedprice) AS avg_price, avg(l_discount) AS avg_disc, count(*) AS count_order
      FROM lineitem WHERE l_shipdate <= DATE '1998-09-02' GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus`,
  },
  {
    id: 'Q3 by date',
    sql: `SELECT o_orderdate, sum(${REVENUE}) AS revenue, count(*) AS n ${LINES} JOIN customer ON o_custkey = c_custkey
      WHERE c_mktsegment = 'BUILDING' AND o_orderdate < DATE '1995-03-15' AND l_shipdate > DATE '1995-03-15' GROUP BY o_orderdate ORDER BY o_orderdate`,
  },
  {
    id: 'Q4',
    sql: `SELECT o_orderpriority, count(*) AS order_count FROM orders
      WHERE o_orderdate >= DATE '1993-07-01' AND o_orderdate < DATE '1993-10-01'
      AND EXISTS (SELECT 1 FROM lineitem WHERE l_orderkey = o_orderkey AND l_commitdate < l_receiptdate)
      GROUP BY o_orderpriority ORDER BY o_orderpriority`,
  },
  {
    id: 'Q5',
    sql: `SELECT n_name, sum(${REVENUE}) AS revenue ${LINES} JOIN customer ON o_custkey = c_custkey JOIN supplier ON l_suppkey = s_suppkey
      JOIN nation ON s_nationkey = n_nationkey JOIN region ON n_regionkey = r_regionkey
      WHERE c_nationkey = s_nationkey AND r_name = 'ASIA' AND o_orderdate >= DATE '1994-01-01' AND o_orderdate < DATE '1995-01-01'
      GROUP BY n_name ORDER BY revenue DESC`,
  },
  {
    id: 'Q6',
    sql: `SELECT sum(l_extendedprice * l_discount) AS revenue FROM lineitem WHERE l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1995-01-01'
      AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24`,
  },
  {
    id: 'Q7',
    sql: `SELECT n1.n_name AS supp_nation, n2.n_name AS cust_nation, year(l_shipdate) AS l_year, sum(${REVENUE}) AS revenue ${LINES}
      JOIN customer ON o_custkey = c_custkey JOIN supplier ON l_suppkey = s_suppkey
      JOIN nation n1 ON s_nationkey = n1.n_nationkey JOIN nation n2 ON c_nationkey = n2.n_nationkey
      WHERE (n1.n_name = 'FRANCE' AND n2.n_name = 'GERMANY' OR n1.n_name = 'GERMANY' AND n2.n_name = 'FRANCE')
      AND l_shipdate >= DATE '1995-01-01' AND l_shipdate < DATE '1997-01-01' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  },
  {
    id: 'Q9-like',
    sql: `SELECT n_name, year(o_orderdate) AS o_year, sum(${REVENUE} - ps_supplycost * l_quantity) AS profit ${LINES}
      JOIN partsupp ON ps_suppkey = l_suppkey AND ps_partkey = l_partkey JOIN part ON p_partkey = l_partkey
      JOIN supplier ON s_suppkey = l_suppkey JOIN nation ON s_nationkey = n_nationkey
      WHERE p_name LIKE '%green%' GROUP BY n_name, o_year ORDER BY n_name, o_year DESC`,
  },
  {
    id: 'Q10 by nation',
    sql: `SELECT n_name, sum(${REVENUE}) AS revenue, count(*) AS n ${LINES} JOIN customer ON o_custkey = c_custkey JOIN nation ON c_nationkey = n_nationkey
      WHERE o_orderdate >= DATE '1993-10-01' AND o_orderdate < DATE '1994-01-01' AND l_returnflag = 'R' GROUP BY n_name ORDER BY revenue DESC`,
  },
  {
    id: 'Q12',
    sql: `SELECT l_shipmode, sum(CASE WHEN o_orderpriority IN ('1-URGENT', '2-HIGH') THEN 1 ELSE 0 END) AS high_line_count,
      sum(CASE WHEN o_orderpriority NOT IN ('1-URGENT', '2-HIGH') THEN 1 ELSE 0 END) AS low_line_count ${LINES}
      WHERE l_shipmode IN ('MAIL', 'SHIP') AND l_commitdate < l_receiptdate AND l_shipdate < l_commitdate
      AND l_receiptdate >= DATE '1994-01-01' AND l_receiptdate < DATE '1995-01-01' GROUP BY l_shipmode ORDER BY l_shipmode`,
  },
  {
    id: 'Q13',
    sql: `SELECT c_count, count(*) AS custdist FROM (SELECT c_custkey, count(o_orderkey) AS c_count FROM customer
      LEFT JOIN orders ON c_custkey = o_custkey AND o_orderpriority <> '5-LOW' GROUP BY c_custkey)
      GROUP BY c_count ORDER BY custdist DESC, c_count DESC`,
  },
  {
    id: 'Q14',
    sql: `SELECT 100.00 * sum(CASE WHEN p_type LIKE 'PROMO%' THEN ${REVENUE} ELSE 0 END) / sum(${REVENUE}) AS promo_revenue
      FROM lineitem JOIN part ON l_partkey = p_partkey WHERE l_shipdate >= DATE '1995-09-01' AND l_shipdate < DATE '1995-10-01'`,
  },
  {
    id: 'Q18-like',
    sql: `SELECT c_mktsegment, count(*) AS customers, sum(q) AS quantity FROM customer
      JOIN (SELECT o_custkey, sum(l_quantity) AS q ${LINES} GROUP BY o_custkey HAVING sum(l_quantity) > 300) ON c_custkey = o_custkey
      GROUP BY c_mktsegment ORDER BY c_mktsegment`,
  },
  {
    id: 'Qday',
    sql: `SELECT o_orderdate, sum(${REVENUE}) AS revenue, count(*) AS n ${LINES} GROUP BY o_orderdate ORDER BY o_orderdate`,
  },
  {
    id: 'Qmany',
    sql: 'SELECT l_shipdate, l_shipmode, sum(l_extendedprice) AS s, count(*) AS n FROM lineitem GROUP BY l_shipdate, l_shipmode ORDER BY l_shipdate, l_shipmode',
  },
];
