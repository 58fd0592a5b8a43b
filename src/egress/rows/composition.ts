import type { EgressFinding } from '../finding.ts';

/** Who stands behind the rows of one row-level release, as it is sealed with the content and never leaves. Base64 of 32-bit little-endian numbers, one for each row. */
export interface SealedMembership {
  /** Unit type. */
  readonly unit: string;
  /** Keyed hash of the unit, the same in every version of the dataset. */
  readonly keys: string;
  /** Number of the class of rows that look alike. */
  readonly classes: string;
  /** Columns that are passed on and say something about people. */
  readonly carried: readonly string[];
}

/** The same, read. */
export interface Membership {
  readonly keys: Int32Array;
  readonly classes: Int32Array;
  /** Carried columns by name, a cell for each row. */
  readonly values: ReadonlyMap<string, readonly (string | null)[]>;
}

/** Numbers as they are sealed. Source: ADR 0026. */
export function sealNumbers(numbers: Int32Array): string {
  return Buffer.from(Int32Array.from(numbers).buffer).toString('base64');
}

/** Numbers as they were sealed. Source: ADR 0026. */
export function openNumbers(text: string): Int32Array {
  const bytes = Buffer.from(text, 'base64');
  return new Int32Array(new Uint8Array(bytes).buffer);
}

const ABSENT = '-';

/**
 * What a release says of people together with earlier ones of the same people. Whoever knows that somebody stands in several of them knows him to be in all of his classes at once: what is left must again be k people, also
 * of those who stand here and in none before (differences); for those who left people decide. And values that all classes of theirs have in common must be two or more where each class has as many. A hard finding for each that fails; never a count.
 * Source: Ganta, Kasiviswanathan and Smith 2008 (composition, intersection attack); issue "Masking" (composition check); requirements.md §10.2 (L).
 */
export function compositionFindings(current: Membership, earlier: readonly Membership[], k: number): readonly EgressFinding[] {
  if (earlier.length === 0) return [];
  const releases = [current, ...earlier];
  const places = releases.map(classesOfUnits);
  const people = new Set(places.flatMap((place) => [...place.keys()]));
  const groups = new Map<string, number>();
  for (const key of people) {
    const signature = places.map((place) => place.get(key) ?? ABSENT).join('|');
    groups.set(signature, (groups.get(signature) ?? 0) + 1);
  }
  const few = [...groups].filter(([, count]) => count < k).map(([signature]) => signature);
  const findings: EgressFinding[] = [];
  if (few.some((signature) => !isDeparted(signature)))
    findings.push(
      finding(
        'composition.intersection',
        'hard',
        k,
        'People who are known to stand in several releases are left in groups of too few, although each release alone keeps to k.',
      ),
    );
  else if (valuesMeet([...groups.keys()], releases))
    findings.push(
      finding(
        'composition.values',
        'hard',
        k,
        'Of people who are known to stand in several releases one value remains that all their groups have in common.',
      ),
    );
  // Their rows are out already; that they are gone tells which ones were theirs. People decide, or a revoked consent could never be followed.
  if (few.some(isDeparted))
    findings.push(
      finding(
        'composition.departed',
        'soft',
        k,
        'A few people stand in an earlier release and no longer in this one: the difference shows which rows of the earlier one were theirs.',
      ),
    );
  return findings;
}

/** What whoever has the earlier releases knows of each row's person: its classes in all of them, one text a row. Source: Ganta, Kasiviswanathan and Smith 2008. */
export function knownBefore(keys: Int32Array, earlier: readonly Membership[]): readonly string[] {
  const places = earlier.map(classesOfUnits);
  return Array.from(keys, (key) => places.map((place) => place.get(key) ?? ABSENT).join('|'));
}

/** Not in the current release, which comes first. */
function isDeparted(signature: string): boolean {
  return signature.startsWith(`${ABSENT}|`);
}

function finding(rule: string, severity: 'hard' | 'soft', k: number, text: string): EgressFinding {
  return {
    rule,
    severity,
    check: 'L',
    version: '1',
    threshold: `k = ${k}`,
    measuredBand: `fewer than ${k}`,
    text,
    fix:
      severity === 'hard'
        ? 'Ask for the generalisation of the earlier release over the same version, or for people who stand in none of them.'
        : 'Wait until more have left, or say in a waiver why it does no harm; recall the earlier release where it does.',
  };
}

/** Classes of each unit; one with rows in several stands in all of them. */
function classesOfUnits({ keys, classes }: Membership): ReadonlyMap<number, string> {
  const sets = new Map<number, Set<number>>();
  for (const [row, key] of keys.entries()) {
    const found = sets.get(key) ?? new Set<number>();
    sets.set(key, found.add(classes[row] ?? -1));
  }
  return new Map([...sets].map(([key, found]) => [key, [...found].sort((a, b) => a - b).join('+')]));
}

/** Whether some group is left with one value of a carried column, although each of its classes has several. */
function valuesMeet(signatures: readonly string[], releases: readonly Membership[]): boolean {
  const names = [...(releases[0]?.values.keys() ?? [])].filter((name) =>
    releases.some((release, at) => at > 0 && release.values.has(name)),
  );
  return names.some((name) => {
    const sets = releases.map((release) => valuesByClass(release, name));
    return signatures.some((signature) => {
      const met = signature.split('|').flatMap((part, at) => {
        const own = sets[at];
        if (part === ABSENT || own === null || own === undefined) return [];
        return [new Set(part.split('+').flatMap((id) => [...(own.get(Number(id)) ?? [])]))];
      });
      const [first, ...others] = met;
      if (first === undefined || others.length === 0 || met.some((set) => set.size < 2)) return false;
      return [...first].filter((value) => others.every((set) => set.has(value))).length < 2;
    });
  });
}

function valuesByClass({ classes, values }: Membership, name: string): ReadonlyMap<number, ReadonlySet<string | null>> | null {
  const cells = values.get(name);
  if (cells === undefined) return null;
  const found = new Map<number, Set<string | null>>();
  for (const [row, cell] of cells.entries()) {
    const id = classes[row] ?? -1;
    const set = found.get(id) ?? new Set<string | null>();
    found.set(id, set.add(cell));
  }
  return found;
}
