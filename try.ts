import { answer } from './src/pipeline.ts';
import { gateBench } from './test/support/gate-bench.ts';
import { memoryLedger } from './test/support/memory-ledger.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from './test/support/victim-city.ts';

const bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
let ledger = memoryLedger();
let n = 0;
for (const sql of process.argv.slice(2)) {
  if (sql === '--') {
    ledger = memoryLedger();
    console.log('--- new ledger');
    continue;
  }
  const job = `job${n++}`;
  const own = ledger.of(job, bench.context.policy);
  const t = performance.now();
  const r = await answer(sql, bench.context, { enclave: bench.enclave, ledger: own });
  ledger.release(job);
  console.log(sql, r.ok ? JSON.stringify(r.value.table.rows.slice(0, 6)) : JSON.stringify(r.error), Math.round(performance.now() - t));
  if (r.ok) for (const f of r.value.findings) console.log('   ', f.rule, f.cell, f.column, f.text.slice(0, 150));
  for (const v of own.verdicts) if (v.kind !== 'keep') console.log('   >', v.kind, v.reason.rule, v.reason.text);
}
await bench.close();
