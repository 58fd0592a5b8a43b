import { runApiBench } from './api.ts';
import { runAuditBench } from './audit.ts';
import type { BenchLine, Emit } from './bench-line.ts';
import { runDetectorBench } from './egress.ts';
import { runGateBench } from './gate.ts';
import { runLedgerBench } from './ledger.ts';
import { runLedgerDecisionBench } from './ledger-decision.ts';
import { runLoaderBench } from './loader.ts';
import { runMaskingBench } from './masking.ts';
import { runModelsBench } from './models.ts';
import { runSynthBench } from './synth.ts';

/** `npm run -s bench -- NAME [--json]`: prints measured figures; asserts nothing. */
const BENCHES: Readonly<Record<string, (emit: Emit) => Promise<void>>> = {
  gate: runGateBench,
  loader: runLoaderBench,
  egress: async (emit) => {
    runDetectorBench(emit);
    runMaskingBench(emit);
    await runLedgerBench(emit);
    runLedgerDecisionBench(emit);
  },
  api: runApiBench,
  audit: runAuditBench,
  synth: runSynthBench,
  models: runModelsBench,
};

/** Named by the issue that brings them. */
const LATER: readonly string[] = [];

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function print(line: BenchLine): void {
  const ratio = line.ratio === undefined ? '' : `   ${line.ratio.toFixed(2)} × baseline`;
  process.stdout.write(
    `${line.name.padEnd(28)} ${line.metric.padEnd(36)} ${String(rounded(line.value)).padStart(12)} ${line.unit}${ratio}\n`,
  );
}

const [name, ...flags] = process.argv.slice(2);
const bench = name === undefined || !Object.hasOwn(BENCHES, name) ? undefined : BENCHES[name];
if (bench === undefined || flags.some((flag) => flag !== '--json')) {
  const later = name !== undefined && LATER.includes(name) ? `${name} comes with a later version. ` : '';
  process.stderr.write(`${later}usage: npm run -s bench -- ${Object.keys(BENCHES).join('|')} [--json]\n`);
  process.exitCode = 2;
} else {
  await bench(flags.includes('--json') ? (line) => process.stdout.write(`${JSON.stringify(line)}\n`) : print);
}
