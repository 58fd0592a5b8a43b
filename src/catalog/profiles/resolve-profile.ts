import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { PROFILE_KEYS, type ProfileKey, type ProfileKeyName, type ProfileValue } from './profile-keys.ts';
import { layerReference, PROFILE_LEVELS, type ProfileLayer } from './profile-layer.ts';
import { isAtLeastAsStrict, isSameValue } from './strictness.ts';

/** What one layer did to a key. `replaced`: a lower layer went further. `allowed`: less strict, as an upper layer permits. */
export interface RuleStep {
  readonly layer: string;
  readonly value: ProfileValue | null;
  readonly source: string;
  readonly note?: string | undefined;
  readonly effect: 'decides' | 'replaced' | 'same' | 'allowed';
}

/** A key's rule with the way it came about, upper layers first. The step that decides is the last that is not `same`. */
export interface RuledKey {
  readonly value: ProfileValue | null;
  readonly decidedBy: string;
  readonly source: string;
  readonly steps: readonly RuleStep[];
}

/** The rules of one city with every layer above it. */
export interface ResolvedProfile {
  readonly id: string;
  /** `GZ@2024-08-01.1`: what records keep. */
  readonly reference: string;
  /** References of all layers, the floor first. */
  readonly layers: readonly string[];
  /** The text is a draft, or nobody says what it is. */
  readonly draft: boolean;
  readonly title: { readonly zh: string; readonly en: string };
  readonly rules: Readonly<Record<ProfileKeyName, RuledKey>>;
  readonly words: ProfileLayer['words'];
}

const PROJECT_DEFAULT = 'project-default';

/**
 * The rules of a layer together with the layers above it, floor first. A lower layer fills gaps and may tighten; it may
 * loosen only what some layer above permits, and never below the floor. Refuses a chain that does (`profile.loosens`),
 * that is not floor → … → nearest, or a district where the city permits none. Every fault at once.
 * Source: requirements.md §4.3; GZ-36, NB-28, CQ-OP-43.
 */
export function resolveProfile(chain: readonly ProfileLayer[]): Result<ResolvedProfile, readonly Problem[]> {
  const nearest = chain.at(-1);
  if (nearest === undefined || !isChain(chain)) return err([problem('profile.invalid', { pointer: '/parent', keyword: 'layers' })]);
  const faults: Problem[] = [];
  const rules = Object.fromEntries(
    Object.entries(PROFILE_KEYS).map(([name, key]: [string, ProfileKey]) => [name, ruleOf(name, key, chain, faults)]),
  ) as Record<ProfileKeyName, RuledKey>;
  const city = chain.find((layer) => layer.level === 'city');
  if (nearest.level === 'district' && city?.values['meta.district_override']?.value !== true) {
    faults.push(problem('profile.loosens', { key: 'meta.district_override', layer: layerReference(nearest), above: city?.id ?? '' }));
  }
  if (faults.length > 0) return err(faults);
  const status = rules['meta.status'].value;
  return ok({
    id: nearest.id,
    reference: layerReference(nearest),
    layers: chain.map(layerReference),
    draft: status !== 'in_force' && status !== 'in_force_trial',
    title: nearest.title,
    rules,
    words: {
      roles: Object.assign({}, ...chain.map((layer) => layer.words.roles)),
      documents: Object.assign({}, ...chain.map((layer) => layer.words.documents)),
    },
  });
}

function isChain(chain: readonly ProfileLayer[]): boolean {
  return chain.every((layer, index) => {
    const above = chain[index - 1];
    if (above === undefined) return layer.level === 'floor' && layer.parent === null;
    return layer.parent === above.id && PROFILE_LEVELS.indexOf(layer.level) > PROFILE_LEVELS.indexOf(above.level);
  });
}

function ruleOf(name: string, key: ProfileKey, chain: readonly ProfileLayer[], faults: Problem[]): RuledKey {
  const steps: RuleStep[] = [];
  let inForce: RuleStep | null = null;
  let floor: ProfileValue | null = null;
  for (const [index, layer] of chain.entries()) {
    const rule = layer.values[name];
    if (rule === undefined) continue;
    const { value, source, note } = rule;
    const before: ProfileValue | null = inForce?.value ?? null;
    const permitted = chain.slice(0, index).some((above) => Object.hasOwn(above.mayLoosen, name));
    const stricter = isAtLeastAsStrict(key, value, before);
    if (!isAtLeastAsStrict(key, value, floor) || (!stricter && !permitted)) {
      faults.push(problem('profile.loosens', { key: name, layer: layerReference(layer), above: inForce?.layer ?? 'system-floor' }));
    }
    const same = inForce !== null && isSameValue(value, before);
    const step: RuleStep = { layer: layerReference(layer), value, source, note, effect: same ? 'same' : stricter ? 'decides' : 'allowed' };
    steps.push(step);
    if (!same) inForce = step;
    if (layer.level === 'floor') floor = value;
  }
  const last: RuleStep | null = inForce;
  const preset: RuleStep = { layer: PROJECT_DEFAULT, value: key.preset, source: 'requirements.md §4.3', effect: 'decides' };
  if (last === null) return decided(preset, [preset]);
  // Where only the floor speaks, the project's default may still ask for more.
  const onlyFloor = floor !== null && steps.length === 1;
  return onlyFloor && !isAtLeastAsStrict(key, floor, key.preset) ? decided(preset, [...steps, preset]) : decided(last, steps);
}

function decided(by: RuleStep, steps: readonly RuleStep[]): RuledKey {
  const told = steps.map((step) => (step !== by && step.effect !== 'same' ? { ...step, effect: 'replaced' as const } : step));
  return { value: by.value, decidedBy: by.layer, source: by.source, steps: told };
}
