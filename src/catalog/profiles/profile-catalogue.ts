import { err, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import chongqing from './layers/chongqing.json' with { type: 'json' };
import fujian from './layers/fujian.json' with { type: 'json' };
import guangdong from './layers/guangdong.json' with { type: 'json' };
import guangzhou from './layers/guangzhou.json' with { type: 'json' };
import national from './layers/national.json' with { type: 'json' };
import ningbo from './layers/ningbo.json' with { type: 'json' };
import qingyuan from './layers/qingyuan.json' with { type: 'json' };
import quanzhou from './layers/quanzhou.json' with { type: 'json' };
import signatures from './layers/signatures.json' with { type: 'json' };
import systemFloor from './layers/system-floor.json' with { type: 'json' };
import zhejiang from './layers/zhejiang.json' with { type: 'json' };
import { layerDigest, layerReference, type ProfileLayer } from './profile-layer.ts';
import { readSignedLayer } from './profile-signature.ts';
import { type ResolvedProfile, resolveProfile } from './resolve-profile.ts';

const SHIPPED: readonly unknown[] = [systemFloor, national, guangdong, zhejiang, fujian, guangzhou, ningbo, qingyuan, quanzhou, chongqing];

/** Public half of the key that signed `signatures.json` (`scripts/sign-profiles.ts`); the private half is in no repository. */
const SIGNER = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAajrRi1zYaw8y36D6hv9VnMbdKNBBu6g1w6IKzaZefnc=
-----END PUBLIC KEY-----
`;

/**
 * Digests of the layers that come with the product: a version that was changed in place does not start. A new text is a
 * new version with a new line, and is signed again.
 * Source: requirements.md §4.3 ("versioned").
 */
export const SHIPPED_DIGESTS: Readonly<Record<string, string>> = {
  'CQ@2024-11-20.1': '1d813fd3201752586d48e95186f8d315eb578d221d6274292b028525016a46e0',
  'fujian@1': 'e74e27a20f046547eac77912936cd46668a2ce015c8146cc3dad7799b2e00576',
  'guangdong@1': '6372c5797cf47e61eef71b4d90629254a5588cba3678ea69e75d6f001bd6d192',
  'GZ@2024-08-01.1': '56f387beee8fdaffc3a524996758b9cd23bb7eb77a03a6e572bdfea3e30efbed',
  'national@2025-01-08.1': '0cac98d881c7d605fddb1170a1068577f09bd7e217deed6f1e5eb7082a71a6f5',
  'NB@2023-11-16.1': '65a3f54311563e1a44187d7b1ac394ef0a69cd9565833731dfa384313737d4b4',
  'QY@2024-11-01.1': 'efcdee52033acdc602fa7456bcf919f07ad51ddf107cd05e14376b5de51b5550',
  'QZ@2021-12-10.1': '4f158d1594569bc85d9a40b6930e03fa627ea4585b18bcd49b3fd315b6507764',
  'system-floor@1': 'fc6413070370e445e6d25c0b76600a01e03e1c1d2a87239d0b526f9486c175c9',
  'zhejiang@1': '127f633a7823aed2abdd3bbbdb2b6af085f5b09671c63b8003e59216a13ddf8b',
};

/** Rules of every city this instance knows. */
export interface ProfileCatalogue {
  /** Cities and districts, by id. */
  readonly ids: readonly string[];
  /** Refuses ids it does not know (`profile.unknown`) and layers that do not fit together. */
  resolve(id: string): Result<ResolvedProfile, readonly Problem[]>;
}

/**
 * Reads the layers that come with the product, each with its Ed25519 signature and its digest. Throws when one is not signed, or not what it
 * was: that is no state to start in. Source: requirements.md §4.3 ("versioned, signed configuration file").
 */
export function shippedLayers(
  contents: readonly unknown[] = SHIPPED,
  signed: Readonly<Record<string, string>> = signatures,
): readonly ProfileLayer[] {
  return contents.map((content) => {
    const { id, version } = content as Partial<ProfileLayer>;
    const reference = layerReference({ id: String(id), version: String(version) });
    const layer = readSignedLayer({ layer: content, signature: Object.hasOwn(signed, reference) ? signed[reference] : undefined }, SIGNER);
    if (!layer.ok) {
      const isForged = layer.error.some((item) => item.code === 'profile.signature');
      throw new Error(
        isForged ? `Profile layer ${reference} was changed, or is not signed` : 'A profile layer of the product cannot be read',
      );
    }
    if (SHIPPED_DIGESTS[reference] !== layerDigest(layer.value)) throw new Error(`Profile layer ${reference} was changed`);
    return layer.value;
  });
}

/** A catalogue over layers; a later layer of the same id takes the place of an earlier one. */
export function profileCatalogue(layers: readonly ProfileLayer[] = shippedLayers()): ProfileCatalogue {
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  const chainOf = (id: string): readonly ProfileLayer[] => {
    const chain: ProfileLayer[] = [];
    for (let layer = byId.get(id); layer !== undefined && chain.length <= byId.size; layer = byId.get(layer.parent ?? ''))
      chain.unshift(layer);
    return chain;
  };
  const ids = layers.filter((layer) => layer.level === 'city' || layer.level === 'district').map((layer) => layer.id);
  return {
    ids: [...new Set(ids)],
    resolve(id) {
      return ids.includes(id) ? resolveProfile(chainOf(id)) : err([problem('profile.unknown', { profile: id, known: [...new Set(ids)] })]);
    },
  };
}

/** The value of a key as a whole number; null where no layer sets one. */
export function ruleNumber(profile: ResolvedProfile, key: keyof ResolvedProfile['rules']): number | null {
  const { value } = profile.rules[key];
  return typeof value === 'number' ? value : null;
}

/** The value of a key as a list of words; one word counts as a list of one. */
export function ruleWords(profile: ResolvedProfile, key: keyof ResolvedProfile['rules']): readonly string[] {
  const { value } = profile.rules[key];
  return typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? value : [];
}
