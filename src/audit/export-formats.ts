import { canonicalJson } from '../kernel/canonical-json.ts';
import { csvText } from '../kernel/csv-text.ts';
import type { AuditEntry } from './entry.ts';
import { textDigest } from './fact-values.ts';

export const EXPORT_FORMATS = ['ocsf', 'csv', 'syslog'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** An entry as it leaves for another system. */
export type ExportedEntry = Pick<AuditEntry, 'seq' | 'at' | 'operation' | 'object' | 'outcome' | 'facts'> & {
  readonly actor: string;
  readonly organisation: string;
  readonly trace?: string;
  /** Leaf, hex. */
  readonly hash: string;
};

/** Entries as text in one format; every line ends in a line end. Source: OCSF 1.x; RFC 4180; RFC 5424. */
export function exportText(format: ExportFormat, entries: readonly ExportedEntry[]): string {
  if (format === 'ocsf') return entries.map((entry) => `${canonicalJson(ocsfEvent(entry))}\n`).join('');
  if (format === 'syslog') return entries.map((entry) => `${syslogMessage(entry)}\n`).join('');
  return [CSV_COLUMNS.join(','), ...entries.map(csvRow)].map((line) => `${line}\r\n`).join('');
}

/** What is signed over an export: format, first and last number, SHA-256 of the text. A note's text. */
export function exportNoteText(format: ExportFormat, first: number, last: number, text: string): string {
  return `sluice/audit-export/v1\n${format}\n${first} ${last}\n${textDigest(text)}\n`;
}

const DATASTORE = 6005;
const API = 6003;
const ACCOUNT = 3001;
const LOG = 1008;
const OTHER = 99;
/** Class and activity of what has one of its own; the rest goes by the first part of its name. Source: models-and-audit.md §2.4 "Export". */
const ACTIVITIES: Readonly<Record<string, readonly [number, number]>> = {
  'instance.start': [LOG, 6],
  'instance.stop': [LOG, 7],
  'audit.export': [LOG, 3],
  'audit.prune': [LOG, 2],
  'audit.rebuild': [LOG, 5],
  'job.submit': [DATASTORE, 4],
  'job.intent': [DATASTORE, 4],
  'job.outcome': [DATASTORE, 4],
  'enclave.intent': [DATASTORE, 1],
  'enclave.outcome': [DATASTORE, 1],
  'load.done': [DATASTORE, 5],
  'dataset.erase': [DATASTORE, 7],
  'dataset.withdraw': [DATASTORE, 2],
  'egress.create': [DATASTORE, 6],
  'egress.view': [DATASTORE, 1],
  'release.download': [DATASTORE, 1],
  'simulation.create': [DATASTORE, 6],
  'simulation.download': [DATASTORE, 1],
  'principal.register': [ACCOUNT, 1],
  'principal.suspend': [ACCOUNT, 5],
};
const CLASSES: Readonly<Record<string, number>> = { instance: LOG, audit: LOG, incident: LOG, auth: API, principal: ACCOUNT, key: ACCOUNT };

/** One OCSF event. Never holds rows, literals or query text: a query is named by its digest. Source: OCSF 1.x, class 6005 and others. */
function ocsfEvent(entry: ExportedEntry): Readonly<Record<string, unknown>> {
  const prefix = entry.operation.split('.')[0] ?? '';
  const [classUid, activity] = ACTIVITIES[entry.operation] ?? [CLASSES[prefix] ?? DATASTORE, OTHER];
  const digest = entry.facts['sqlDigest'] ?? entry.facts['artefactHash'];
  return {
    activity_id: activity,
    actor: { user: { org: { uid: entry.organisation }, uid: entry.actor } },
    category_uid: Math.floor(classUid / 1000),
    class_uid: classUid,
    message: entry.operation,
    metadata: { log_name: 'audit', product: { name: 'Sluice', vendor_name: 'Sluice' }, uid: String(entry.seq), version: '1.3.0' },
    severity_id: severity(entry).ocsf,
    status_id: entry.outcome === 'done' ? 1 : 2,
    time: Date.parse(entry.at),
    type_uid: classUid * 100 + activity,
    unmapped: { facts: entry.facts, leaf: entry.hash, object: entry.object, trace: entry.trace ?? '' },
    ...(typeof digest === 'string' ? { query_info: { uid: digest } } : {}),
  };
}

function severity({ operation, outcome }: ExportedEntry): { readonly ocsf: number; readonly syslog: number } {
  if (operation.startsWith('incident.')) return { ocsf: 5, syslog: 2 };
  return outcome === 'done' ? { ocsf: 1, syslog: 6 } : { ocsf: 3, syslog: 4 };
}

/** "log audit". Source: RFC 5424 §6.2.1. */
const FACILITY = 13;
/** The number reserved for documentation, until the place that runs this has its own. Source: RFC 5612. */
const ENTERPRISE = 32_473;

/** One RFC 5424 message, without framing. Source: RFC 5424 §6. */
function syslogMessage(entry: ExportedEntry): string {
  const values = {
    seq: String(entry.seq),
    leaf: entry.hash,
    actor: entry.actor,
    organisation: entry.organisation,
    object: `${entry.object.kind} ${entry.object.id}`,
    outcome: entry.outcome,
    trace: entry.trace ?? '',
  };
  const data = Object.entries(values).map(([name, value]) => ` ${name}="${value.replace(/["\\\]]/g, '\\$&')}"`);
  const head = `<${FACILITY * 8 + severity(entry).syslog}>1 ${entry.at} - sluice - ${entry.operation.slice(0, 32)}`;
  return `${head} [audit@${ENTERPRISE}${data.join('')}] ${canonicalJson(entry.facts)}`;
}

const CSV_COLUMNS = ['seq', 'at', 'actor', 'organisation', 'operation', 'kind', 'object', 'outcome', 'trace', 'facts', 'leaf'] as const;

function csvRow(entry: ExportedEntry): string {
  const { seq, at, actor, organisation, operation, object, outcome, trace = '', facts, hash } = entry;
  return [String(seq), at, actor, organisation, operation, object.kind, object.id, outcome, trace, canonicalJson(facts), hash]
    .map(csvField)
    .join(',');
}

const csvField = (value: string): string => (value === '' ? '' : csvText(value));
