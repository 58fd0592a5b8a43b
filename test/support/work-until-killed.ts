import { setTimeout as sleep } from 'node:timers/promises';
import { openInstance, scriptedPipeline } from './operations-instance.ts';
import { quickClock } from './quick-clock.ts';

/**
 * A worker process of its own on an instance's folder: runs what waits until it is killed, and prints the id of each job whose
 * intent it has put on record. A job whose SQL says `slow` on real data works on for as long as `SLOW_MS` before it is done.
 */
const [folder = '', start = '0'] = process.argv.slice(2);
const SLOW_MS = 1500;
const pipeline = scriptedPipeline();
const instance = await openInstance(folder, {
  clock: quickClock(Number(start)),
  pipeline: {
    ...pipeline,
    async answer(sql, context, around, signal) {
      const onIntent = async (): Promise<void> => {
        await around.onIntent();
        process.stdout.write(`begun ${sql}\n`);
      };
      const answer = await pipeline.answer(sql, context, { ...around, onIntent }, signal);
      if (sql.includes('slow')) await sleep(SLOW_MS);
      return answer;
    },
  },
  onFault: (fault) => process.stderr.write(`${fault instanceof Error ? fault.message : 'fault'}\n`),
});
await instance.operations.attend();
instance.operations.takeJobs();
process.stdout.write('ready\n');
setInterval(() => undefined, 1000);
