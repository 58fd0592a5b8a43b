import { writeSync } from 'node:fs';
import { openStoreIn, someEvent } from './temporary-store.ts';

/** Child process: appends to the log of the instance folder and prints each object once its append is acknowledged. `count` 0: for ever. */
const [folder = '', label = '', count = '0'] = process.argv.slice(2);
const { audit, store } = await openStoreIn(folder);
for (let index = 0; count === '0' || index < Number(count); index += 1) {
  await audit.append(someEvent(`${label}-${index}`));
  writeSync(1, `${label}-${index}\n`);
}
await store.close();
