import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { type ProfileValue, profileKey } from './profile-keys.ts';
import { fitsKey } from './strictness.ts';

/** Layers from the one nobody goes below to the nearest one. */
export const PROFILE_LEVELS = ['floor', 'national', 'province', 'city', 'district'] as const;
export type ProfileLevel = (typeof PROFILE_LEVELS)[number];

/** A rule of one layer and the place in the text it comes from. */
export interface LayerRule {
  readonly value: ProfileValue;
  readonly source: string;
  readonly note?: string | undefined;
}

/** One layer of rules as it stands in its file. A version is never changed: a change is a new version. */
export interface ProfileLayer {
  readonly id: string;
  readonly level: ProfileLevel;
  readonly version: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly parent: string | null;
  readonly text: { readonly title: string; readonly digest?: string | undefined };
  readonly values: Readonly<Record<string, LayerRule>>;
  /** Keys that the layers below may make less strict, and the text that says so. */
  readonly mayLoosen: Readonly<Record<string, string>>;
  /** Roles and documents in the words of the place. */
  readonly words: { readonly roles: Readonly<Record<string, string>>; readonly documents: Readonly<Record<string, string>> };
}

const NAME = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/);
const TEXT = z.string().min(1).max(300);
const LAYER = z.strictObject({
  id: NAME,
  level: z.enum(PROFILE_LEVELS),
  version: z.string().regex(/^[0-9][0-9A-Za-z.-]{0,39}$/),
  title: z.strictObject({ zh: TEXT, en: TEXT }),
  parent: NAME.nullable(),
  text: z.strictObject({ title: TEXT, digest: z.string().optional() }),
  values: z.record(
    z.string(),
    z.strictObject({
      value: z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]),
      source: TEXT,
      note: TEXT.optional(),
    }),
  ),
  mayLoosen: z.record(z.string(), TEXT),
  words: z.strictObject({ roles: z.record(z.string(), TEXT), documents: z.record(z.string(), TEXT) }),
});

/**
 * Reads one layer. Refuses unknown fields, keys and words, values of another kind, a floor with a parent and any other
 * layer without one; every fault at once. Does not look at the layers above: `resolveProfile` does.
 * Source: requirements.md §4.3.
 */
export function readLayer(content: unknown): Result<ProfileLayer, readonly Problem[]> {
  const parsed = LAYER.safeParse(content);
  if (!parsed.success) {
    return err(parsed.error.issues.slice(0, 50).map((issue) => invalid(`/${issue.path.map(String).join('/')}`, issue.code)));
  }
  const layer = parsed.data;
  const faults = Object.entries(layer.values).flatMap(([name, rule]) => {
    const key = profileKey(name);
    if (key === null) return [invalid(`/values/${name}`, 'unknown key')];
    return fitsKey(key, rule.value) ? [] : [invalid(`/values/${name}/value`, 'not a value of this key')];
  });
  for (const name of Object.keys(layer.mayLoosen)) if (profileKey(name) === null) faults.push(invalid(`/mayLoosen/${name}`, 'unknown key'));
  if ((layer.level === 'floor') !== (layer.parent === null)) faults.push(invalid('/parent', 'only the floor has none'));
  if (layer.level === 'floor' && Object.keys(layer.mayLoosen).length > 0) faults.push(invalid('/mayLoosen', 'the floor is never lowered'));
  return faults.length > 0 ? err(faults) : ok(layer);
}

/** SHA-256 of the layer's canonical form, lower-case hex: what is pinned and signed. */
export function layerDigest(layer: ProfileLayer): string {
  return createHash('sha256').update(canonicalJson(layer), 'utf8').digest('hex');
}

/** `GZ@2024-08-01.1`: what records keep. */
export function layerReference(layer: Pick<ProfileLayer, 'id' | 'version'>): string {
  return `${layer.id}@${layer.version}`;
}

function invalid(pointer: string, keyword: string): Problem {
  return problem('profile.invalid', { pointer: pointer.slice(0, 200), keyword });
}
