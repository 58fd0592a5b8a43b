import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '../src/kernel/canonical-json.ts';

/**
 * Signs every layer of rules that comes with the product: `npx node scripts/sign-profiles.ts KEY.pem` with the private Ed25519 key of whoever
 * answers for the rules. The key stays outside the repository; its public half goes into `SIGNER` of `profile-catalogue.ts`, and the new
 * digest into the list there. Run after a layer got a new version. Source: requirements.md §4.3 ("signed").
 */
const FOLDER = fileURLToPath(new URL('../src/catalog/profiles/layers/', import.meta.url));
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Name the file of the private key');
const key = createPrivateKey(await readFile(path, 'utf8'));
const signatures: Record<string, string> = {};
for (const name of (await readdir(FOLDER)).filter((item) => item !== 'signatures.json').sort()) {
  const layer = JSON.parse(await readFile(`${FOLDER}${name}`, 'utf8')) as { readonly id: string; readonly version: string };
  signatures[`${layer.id}@${layer.version}`] = sign(null, Buffer.from(canonicalJson(layer), 'utf8'), key).toString('base64');
}
await writeFile(`${FOLDER}signatures.json`, `${JSON.stringify(signatures, null, 2)}\n`);
process.stdout.write(`${createPublicKey(key).export({ type: 'spki', format: 'pem' })}`);
