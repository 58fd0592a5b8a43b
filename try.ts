import { VICTIM_CITY_DECLARATION, victimCityFiles } from './test/support/victim-city.ts';
import { gateBench } from './test/support/gate-bench.ts';
import { answer } from './src/pipeline.ts';
const bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
const ledger = { async settle(rows: any) { for (const row of rows) console.log(row.gate, row.labels.join(), row.figures.map((f: any) => `${f.term}|${f.namespace}|${f.family}|${f.total === null ? f.value : f.total.digits}|${f.sketches.map((s: any) => s.unitType + ' ' + (s.sketch.fine ? 'fine ' : 'lanes ') + s.sketch.totals.digits.reduce((a: any, b: any) => a + b, 0n) + ' ' + s.sketch.lanes.slice(0, 3)).join(';')}`)); return rows.map((row: any) => row.figures.map(() => ({ kind: 'keep' }))); } };
for (const sql of process.argv.slice(2)) {
  const r = await answer(sql, bench.context, { enclave: bench.enclave, ledger } as any);
  console.log(sql, r.ok ? JSON.stringify(r.value.table.rows.slice(0, 5)) : JSON.stringify(r.error));
}
await bench.close();
