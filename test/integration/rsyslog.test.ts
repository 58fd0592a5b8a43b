import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ExportedEntry, exportText } from '../../src/audit/export-formats.ts';
import { sendSyslog } from '../../src/cli/syslog-sender.ts';
import { selfSigned } from '../support/self-signed.ts';
import { someEvent, type TemporaryStore, temporaryStore } from '../support/temporary-store.ts';

const DAEMON = '/usr/sbin/rsyslogd';
/** Debian: packages rsyslog and rsyslog-gnutls. Elsewhere the receiver of `test/unit/cli/syslog-sender.test.ts` has to do. */
const isThere = existsSync(DAEMON) && ['x86_64', 'aarch64'].some((cpu) => existsSync(`/usr/lib/${cpu}-linux-gnu/rsyslog/lmnsd_gtls.so`));

let opened: TemporaryStore;
let folder = '';
let daemon: ChildProcess | null = null;
beforeEach(async () => {
  opened = await temporaryStore();
  folder = await mkdtemp(join(tmpdir(), 'sluice-rsyslog-'));
});
afterEach(async () => {
  if (daemon !== null && daemon.exitCode === null) {
    daemon.kill('SIGTERM');
    await once(daemon, 'close');
  }
  daemon = null;
  await opened.remove();
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The real daemon, with TLS by GnuTLS; one line a message: name, id of the message, structured data, text. */
async function startDaemon(tls: { readonly key: string; readonly cert: string }): Promise<number> {
  const port = await freePort();
  const path = (name: string): string => join(folder, name);
  await writeFile(path('cert.pem'), tls.cert);
  await writeFile(path('key.pem'), tls.key, { mode: 0o600 });
  const driver = `DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="${path('cert.pem')}" DefaultNetstreamDriverCertFile="${path('cert.pem')}" DefaultNetstreamDriverKeyFile="${path('key.pem')}"`;
  const lines = [
    `global(workDirectory="${folder}" maxMessageSize="64k" ${driver})`,
    'module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")',
    'template(name="parts" type="string" string="%app-name%|%msgid%|%pri%|%timestamp:::date-rfc3339%|%structured-data%|%msg%\\n")',
    `input(type="imtcp" address="127.0.0.1" port="${port}")`,
    `action(type="omfile" file="${path('received')}" template="parts")`,
  ];
  await writeFile(path('rsyslog.conf'), `${lines.join('\n')}\n`);
  daemon = spawn(DAEMON, ['-n', '-f', path('rsyslog.conf'), '-i', path('pid')], { stdio: 'ignore' });
  for (let tries = 0; tries < 200 && !existsSync(path('pid')); tries += 1) await sleep(25);
  await sleep(200);
  return port;
}

async function received(lines: number): Promise<readonly string[]> {
  for (let tries = 0; ; tries += 1) {
    const text = await readFile(join(folder, 'received'), 'utf8').catch(() => '');
    const found = text.split('\n').slice(0, -1);
    if (found.length >= lines || tries > 200) return found;
    await sleep(25);
  }
}

test.skipIf(!isThere)(
  'rsyslog takes an export over TLS: every message once, whole, its parts where RFC 5424 puts them',
  async () => {
    const own = selfSigned();
    const port = await startDaemon(own);
    for (let index = 0; index < 300; index += 1) await opened.audit.append(someEvent(`object-${index}`));
    const entries = await opened.audit.entries({ after: 0, limit: 1000 });
    await sendSyslog({ host: 'localhost', port, ca: own.cert }, exportText('syslog', entries as readonly ExportedEntry[]));
    const lines = await received(entries.length);
    expect(lines).toHaveLength(entries.length);
    for (const [index, { seq, at, operation, hash, actor }] of entries.entries()) {
      const [name, id, priority, time, data] = (lines[index] ?? '').split('|');
      expect([name, id, priority, time]).toEqual(['sluice', operation, '110', at]);
      expect(data).toMatch(new RegExp(`^\\[audit@32473 seq="${seq}" leaf="${hash}" actor="${actor}" .*\\]$`));
    }
    await expect(sendSyslog({ host: 'localhost', port, ca: selfSigned().cert }, 'secret\n')).rejects.toThrow('certificate');
    expect(await received(entries.length)).toHaveLength(entries.length);
  },
  60_000,
);
