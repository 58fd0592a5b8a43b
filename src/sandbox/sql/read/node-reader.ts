import type { Position } from '../ast.ts';

export type JsonNode = Readonly<Record<string, unknown>>;

/** Thrown inside the parse stage only, and turned into a problem at its edge. */
export class ConstructRefused extends Error {
  readonly construct: string;
  readonly at: Position;
  constructor(construct: string, at: Position) {
    super(construct);
    this.construct = construct;
    this.at = at;
  }
}

/** Whether a JSON value is an object. */
export function isNode(value: unknown): value is JsonNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDefault(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return false;
}

/**
 * Reads one node of the engine's syntax tree by a closed list of fields. Whatever the caller did not name must hold the
 * engine's default (null, empty, false): an upgrade that adds a field refuses instead of being overlooked.
 * Source: gate.md §3 (unknown = refused).
 */
export function readFields(node: JsonNode, names: readonly string[], construct: string, at: Position): JsonNode {
  for (const [key, value] of Object.entries(node)) {
    if (names.includes(key) || key === 'query_location') continue;
    if (!isDefault(value)) throw new ConstructRefused(`${construct}: ${key}`, at);
  }
  return node;
}

/** As `readFields`, for a node whose `type` must be the given one. Source: gate.md §3 (unknown = refused). */
export function readKind(node: JsonNode, type: string, names: readonly string[], construct: string, at: Position): JsonNode {
  if (node.type !== type) throw new ConstructRefused(construct, at);
  return readFields(node, ['class', 'type', ...names], construct, at);
}

/** A field that must be text; throws ConstructRefused where it is not. */
export function textField(node: JsonNode, name: string, at: Position): string {
  const value = node[name];
  if (typeof value !== 'string') throw new ConstructRefused(`malformed ${name}`, at);
  return value;
}

/** A field that must be true or false; throws ConstructRefused where it is not. */
export function flagField(node: JsonNode, name: string, at: Position): boolean {
  const value = node[name];
  if (typeof value !== 'boolean') throw new ConstructRefused(`malformed ${name}`, at);
  return value;
}

/** A field that must be an object; throws ConstructRefused where it is not. */
export function nodeField(node: JsonNode, name: string, at: Position): JsonNode {
  return asNode(node[name], name, at);
}

/** A value that must be an object; throws ConstructRefused where it is not. */
export function asNode(value: unknown, name: string, at: Position): JsonNode {
  if (!isNode(value)) throw new ConstructRefused(`malformed ${name}`, at);
  return value;
}

/** A field that must be a list, items unchecked; throws ConstructRefused where it is not. */
export function listField(node: JsonNode, name: string, at: Position): readonly unknown[] {
  const value = node[name];
  if (!Array.isArray(value)) throw new ConstructRefused(`malformed ${name}`, at);
  return value;
}

/** A field that must be a list of texts; throws ConstructRefused where it is not. */
export function textListField(node: JsonNode, name: string, at: Position): readonly string[] {
  return listField(node, name, at).map((item) => {
    if (typeof item !== 'string') throw new ConstructRefused(`malformed ${name}`, at);
    return item;
  });
}

/** Whether the engine left a field out or empty. */
export function isAbsent(node: JsonNode, name: string): boolean {
  return node[name] === null || node[name] === undefined;
}
