import { ENCODINGS, type EngineSettings, type OpenMessage, type QueryMessage, type ToWorker, type WorkerDatabase } from './messages.ts';

/**
 * What a worker takes from its parent: the same strictness as a schema, written out, because loading a library of schemas was a third of
 * what starting a worker cost. Unknown fields, kinds and values are refused. A test holds it against a schema.
 * Source: gate.md §10; ADR 0041.
 *
 * @returns the message, or null: the caller decides what a lie costs.
 */
export function readRequest(line: Uint8Array): ToWorker | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
    return isRequest(value) ? value : null;
  } catch {
    return null;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isPath = (value: unknown): value is string => isText(value) && value.length >= 1 && value.length <= 4096;
const isCount = (value: unknown, least = 1): value is number => Number.isSafeInteger(value) && (value as number) >= least;
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every((item) => isItem(item));

/** A plain object with these fields and no others; those of `optional` may be missing. */
function hasFields(
  value: unknown,
  fields: readonly string[],
  optional: readonly string[] = [],
): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const own = Object.keys(value);
  return fields.every((name) => own.includes(name)) && own.every((name) => fields.includes(name) || optional.includes(name));
}

function isRequest(value: unknown): value is ToWorker {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : null;
  if (type === 'interrupt') return hasFields(value, ['type']);
  if (typeof value !== 'object' || value === null || !('requestId' in value) || !isCount(value.requestId)) return false;
  if (type === 'open') return isOpen(value);
  if (type === 'query') return isQuery(value);
  if (type === 'transcode') return isTranscode(value);
  return (type === 'progress' || type === 'close') && hasFields(value, ['type', 'requestId']);
}

function isOpen(value: object): value is OpenMessage {
  return (
    hasFields(value, ['type', 'requestId', 'database', 'settings', 'allowedPaths', 'allowedDirectories']) &&
    isDatabase(value['database']) &&
    isSettings(value['settings']) &&
    isListOf(value['allowedPaths'], isPath) &&
    isListOf(value['allowedDirectories'], isPath)
  );
}

function isDatabase(value: unknown): value is WorkerDatabase {
  if (hasFields(value, ['kind'])) return value['kind'] === 'memory';
  return hasFields(value, ['kind', 'path']) && (value['kind'] === 'sealed' || value['kind'] === 'create') && isPath(value['path']);
}

function isSettings(value: unknown): value is EngineSettings {
  if (!hasFields(value, ['memoryMiB', 'threads', 'spill', 'maxRows'])) return false;
  const { memoryMiB, threads, spill, maxRows } = value;
  const isSpill = spill === null || (hasFields(spill, ['directory', 'maxMiB']) && isPath(spill['directory']) && isCount(spill['maxMiB']));
  return isCount(memoryMiB) && isCount(threads) && isSpill && isCount(maxRows, 0);
}

function isQuery(value: object): value is QueryMessage {
  const isParameter = (item: unknown): boolean => item === null || isText(item) || typeof item === 'boolean' || Number.isFinite(item);
  return (
    hasFields(value, ['type', 'requestId', 'sql', 'parameters'], ['beside']) &&
    isText(value['sql']) &&
    isListOf(value['parameters'], isParameter) &&
    (!('beside' in value) || typeof value['beside'] === 'boolean')
  );
}

function isTranscode(value: object): value is Extract<ToWorker, { type: 'transcode' }> {
  return (
    hasFields(value, ['type', 'requestId', 'source', 'target', 'encoding']) &&
    isPath(value['source']) &&
    isPath(value['target']) &&
    ENCODINGS.some((encoding) => encoding === value['encoding'])
  );
}
