import type { Column, Dataset, Table } from '../catalog/dataset.ts';
import { quoteName, quoteText } from '../catalog/identifier.ts';

/** Columns that a merchant may query: `'*'` is every column of a table. */
export type Granted = Readonly<Record<string, '*' | readonly string[]>>;

/**
 * Queries to start from, the richest first: people and an average by a label, then without the average, then one count. For
 * protected tables before public ones, and within what is granted only. Whether one is admitted is admission's to say.
 * Source: issue "Simulation data" (a ready query to start from).
 */
export function starterQueries(dataset: Dataset, granted: Granted): readonly string[] {
  const tables = dataset.tables
    .filter((table) => Object.hasOwn(granted, table.name))
    .toSorted((left, right) => Number(left.visibility === 'public') - Number(right.visibility === 'public'));
  return tables.flatMap((table) => {
    const columns = table.columns.filter((column) => mayUse(granted[table.name], column));
    const label = columns
      .filter((column) => column.role === 'dimension' && !table.primaryKey.includes(column.name))
      .toSorted((left, right) => labelRank(left) - labelRank(right))[0];
    const measure = columns.find(
      (column) => column.role === 'measure' && /^(TINYINT|SMALLINT|INTEGER|BIGINT|DOUBLE|FLOAT|DECIMAL)/.test(column.type),
    );
    const count = `SELECT count(*) AS n FROM ${quoteName(table.name)}`;
    if (label === undefined) return [count];
    const by = `SELECT ${quoteName(label.name)}, count(*) AS n`;
    const from = `FROM ${quoteName(table.name)} GROUP BY ${quoteName(label.name)}`;
    const mean = measure === undefined ? [] : [`${by}, avg(${quoteName(measure.name)}) AS average ${from}`];
    return [...mean, `${by} ${from}`, count];
  });
}

function mayUse(columns: Granted[string] | undefined, column: Column): boolean {
  return columns === '*' || (columns ?? []).includes(column.name);
}

/** Short closed lists make the best labels. */
function labelRank(column: Column): number {
  if (column.domain !== undefined) return column.publicDomain ? 0 : 1;
  return column.type === 'VARCHAR' ? 2 : 3;
}

/** The declared tables as SQL, with what a merchant must know of each column as comments. Source: synthetic-and-masking.md §3.2 (DDL). */
export function schemaSql(dataset: Dataset): string {
  return `${dataset.tables.map(tableSql).join('\n\n')}\n`;
}

function tableSql(table: Table): string {
  const columns = table.columns.map((column, index) => {
    const comma = index === table.columns.length - 1 ? '' : ',';
    const limits = column.bounds === undefined ? '' : `, ${column.bounds[0]} to ${column.bounds[1]}`;
    return `  ${quoteName(column.name)} ${column.type}${column.nullable ? '' : ' NOT NULL'}${comma} -- ${column.role}, ${column.label}${limits}`;
  });
  const links = table.foreignKeys.map((key) => `-- ${key.columns.join(', ')} refers to ${key.table} (${key.references.join(', ')})`);
  const comment = `COMMENT ON TABLE ${quoteName(table.name)} IS ${quoteText(table.visibility)};`;
  return [...links, `CREATE TABLE ${quoteName(table.name)} (`, ...columns, ');', comment].join('\n');
}

export interface KitReadme {
  readonly dataset: string;
  readonly label: string;
  readonly seed: string;
  readonly live: boolean;
}

/** What a person reads first in a kit, in English and Chinese. Source: issue "Simulation data" (a local kit). */
export function kitReadme({ dataset, label, seed, live }: KitReadme): string {
  return `# Kit of ${dataset} · 本地开发包

${label}: invented rows, nobody's data. Averages and correlations are invented too.
${label}：数据均为仿真生成，不属于任何人；均值与相关性亦为虚构。

| file 文件 | what it is | 内容 |
| --- | --- | --- |
| \`data/*.csv\` | simulation data, one file per table | 仿真数据，每表一个文件 |
| \`${dataset}.duckdb\` | the same rows as a DuckDB file | 同样的数据（DuckDB 文件） |
| \`schema.json\` | the declaration, as every \`--schema\` takes it | 数据集声明 |
| \`schema.sql\` | the tables as SQL | 建表语句 |
| \`query.sql\` | a query to start from | 起步查询 |
| \`kit.json\` | seed (${seed}), digests, thresholds, grant | 随机种子、摘要、阈值与授权 |

## Check a query without a server · 离线检查

\`\`\`sh
sluice kit check .                                    # query.sql: parsed, compiled and admitted as on the server
sluice kit check . --sql my-query.sql --run           # and run on these rows: same verdict, same findings as a job on simulation data
\`\`\`

The check uses this folder alone: no server, no instance, no network. Exit status 0: admitted; 1: refused, with what to do next.
离线检查仅使用本文件夹，无需服务器、实例或网络。退出码 0 表示准入，1 表示拒绝并给出建议。

Then submit it · 然后提交：

\`\`\`sh
sluice job submit --dataset ${dataset} --sql my-query.sql --target sim
sluice job submit --dataset ${dataset} --sql my-query.sql --target real
\`\`\`
${live ? '' : '\nYou have no grant for this dataset yet; the check takes every table as granted. Jobs need one.\n尚无该数据集的授权；离线检查按全部数据表已授权处理，提交作业须先获得授权。\n'}
What passes on simulation data may be withheld on real data, and the reverse: group sizes differ.
仿真数据上通过的查询在真实数据上可能被扣留，反之亦然：各组规模不同。
`;
}
