import { scanText } from '../detect/scan-text.ts';
import { foldText } from '../fold-text.ts';
import type { IdentifierFind, IdentifierKind } from '../identifier-kind.ts';
import { isPlausibleResidentId, isResidentId } from '../resident-id.ts';
import { isUscc } from '../uscc.ts';
import { byteReadings } from './byte-decoders.ts';
import { byteTexts, maskedTexts } from './read-bytes.ts';
import { textReadings } from './text-decoders.ts';
import { type TextShape, textShape } from './text-shape.ts';

const MOST_READ = 120;
const MOST_DEPTH = 3;
const MOST_WORDS = 6;
const SHORTEST = 9;
const LONGEST = 2048;
const UTF8 = new TextEncoder();
/** Readings that give digits for whatever they are given; then only forms that digits alone cannot have by chance count. */
const SUBSTITUTED = /(letters|reversed|look-alikes|xor|shift|float bits)$/;
const CERTAIN: ReadonlySet<IdentifierKind> = new Set(['residentId', 'uscc', 'mobile', 'email']);
const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:|$)/;
const NONE: readonly IdentifierFind[] = [];

interface Candidate {
  readonly text: string;
  readonly path: string;
  readonly depth: number;
}

/**
 * Identifiers in a text that was encoded, up to three encodings over one another: at most 120 readings of the whole text and its first words.
 * What is found cannot be chance: either a check digit holds, or an encoding of bytes came out as printable text. Numbers without check
 * digits that were only rearranged are left to the column (`column-disguises.ts`). Does not look for what stands openly.
 * Source: requirements.md GZ-28d; the ways are listed in test/attack/smuggled-identifiers.test.ts.
 */
export function scanDisguised(text: string): readonly IdentifierFind[] {
  if (text.length < SHORTEST || text.length > LONGEST) return NONE;
  if (TIME.test(text)) return NONE;
  const shape = textShape(text);
  const isWorth = mayHide(text, shape);
  const hasWords = shape.spaces + shape.ideographs + shape.invisible > 0 || /[:;=,"'<>]/.test(text);
  if (!isWorth && !(hasWords && shape.longestWord >= SHORTEST)) return NONE;
  const search = new Search();
  if (isWorth) search.push({ text, path: '', depth: 0 });
  if (hasWords && shape.longestWord >= SHORTEST) {
    let words = 0;
    for (const word of text.split(/[\s"'<>;:：，,。（）()=\p{Script=Han}]+/u)) {
      if (word.length < SHORTEST || word.length === text.length || words === MOST_WORDS || !mayHide(word, textShape(word))) continue;
      words += 1;
      search.push({ text: word, path: '', depth: 0 });
    }
  }
  return search.run();
}

/** Whether any reading below could apply. Numbers, dates, words and short codes end here. */
function mayHide(text: string, shape: TextShape): boolean {
  const { digits, lowers, uppers, spaces, escapes, invisible, ideographs, points, hasAt } = shape;
  if (invisible > 7 || (escapes > 3 && text.length >= 20)) return true;
  if (ideographs > 0)
    return ideographs >= 11 && lowers + uppers === 0 && /^[零一二三四五六七八九甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉\s]+$/u.test(text);
  const letters = lowers + uppers;
  if (letters === 0)
    return (
      (digits >= 17 && points + spaces !== 1) || (digits === 0 && text.length >= 40) || (digits + spaces >= 33 && /^[01\s]+$/.test(text))
    );
  if (hasAt) return digits + letters >= 9;
  if (letters + digits < (text.length >= 14 && spaces === 0 ? 4 : SHORTEST)) return false;
  // Words of one case with spaces are prose; a run without any is not.
  return digits > 0 || uppers > 0 || spaces === 0 || spaces >= 8 || letters / (spaces + 1) > 9;
}

class Search {
  readonly #queue: Candidate[] = [];
  readonly #seen = new Set<string>();
  readonly #finds = new Map<string, IdentifierFind>();

  push(candidate: Candidate): void {
    if (this.#seen.size >= MOST_READ || this.#seen.has(candidate.text)) return;
    this.#seen.add(candidate.text);
    this.#queue.push(candidate);
  }

  run(): readonly IdentifierFind[] {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (next.depth > 0) this.#judge(next);
      if (next.depth < MOST_DEPTH) this.#read(next);
    }
    return this.#finds.size === 0 ? NONE : [...this.#finds.values()];
  }

  #read({ text, path, depth }: Candidate): void {
    const add = (name: string, read: string): void => {
      this.push({ text: read, path: path === '' ? name : `${path}, ${name}`, depth: depth + 1 });
    };
    const shape = textShape(text);
    if (depth > 0)
      for (const word of text.split(/[\s"'<>;:,()=[\]{}\\]+/))
        if (word.length >= SHORTEST && word.length < text.length) this.push({ text: word, path, depth });
    for (const { name, bytes } of byteReadings(text, shape)) {
      for (const read of byteTexts(bytes)) add(read.name === '' ? name : `${name}, ${read.name}`, read.text);
    }
    if (depth === 0 && (text.length === 11 || text.length === 18) && shape.digits < 11) {
      for (const read of maskedTexts(UTF8.encode(text))) add(read.name, read.text);
    }
    for (const { name, text: read } of textReadings(text, shape)) add(name, read);
  }

  #judge({ text, path }: Candidate): void {
    const token = foldText(text).trim();
    const plain = token.replaceAll(/[\s-]/g, '').toUpperCase();
    if (isCheckedId(plain)) this.#found('residentId', 'checksum', path);
    else if (/^9[123]/.test(plain) && isUscc(plain)) this.#found('uscc', 'checksum', path);
    // Turning a number round gives another number, which proves nothing.
    else if (path !== 'reversed' || token.includes('@')) {
      const isSubstituted = SUBSTITUTED.test(path);
      for (const find of scanText(token)) if (!isSubstituted || CERTAIN.has(find.kind)) this.#found(find.kind, find.evidence, path);
    }
  }

  #found(kind: IdentifierKind, evidence: IdentifierFind['evidence'], path: string): void {
    if (!this.#finds.has(kind)) this.#finds.set(kind, { kind, evidence, disguise: path });
  }
}

/** By check digit, region and a birth date that somebody alive can have. */
export function isCheckedId(text: string): boolean {
  return text.length === 18 && isPlausibleResidentId(text) && isResidentId(text) && /^.{6}(19|20)/.test(text);
}
