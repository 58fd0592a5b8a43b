import { isDate } from '../kernel/calendar/shanghai-date.ts';

export type FieldValue = string | number | boolean | readonly string[];
export type Fields = Readonly<Record<string, FieldValue>>;

/**
 * What a field may hold. `text`: words of a person, kept in the records and never in the log. `name`, `names`: ids the
 * instance or the city knows. `matter`: the id of another matter, of the kind `noun`. `columns`: `table.column` names.
 */
export interface FieldDefinition {
  readonly kind: 'text' | 'date' | 'number' | 'flag' | 'word' | 'words' | 'name' | 'names' | 'digest' | 'matter' | 'matters';
  readonly zh: string;
  readonly words?: readonly string[];
  readonly noun?: string;
  /** Largest number, or longest text (default 4000). */
  readonly most?: number;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_.:@/()（）〔〕-]{0,199}$/u;
const MOST_ITEMS = 200;
const MOST_TEXT = 4000;

/** Why a value does not fit its field, as a keyword; null where it does. Source: requirements.md §7. */
export function fieldFault(field: FieldDefinition, value: unknown): string | null {
  const isWord = (item: unknown): boolean => typeof item === 'string' && (field.words ?? []).includes(item);
  const isName = (item: unknown): boolean => typeof item === 'string' && NAME.test(item);
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '' && value.length <= (field.most ?? MOST_TEXT) ? null : 'text';
    case 'date':
      return typeof value === 'string' && isDate(value) ? null : 'date';
    case 'number':
      return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= (field.most ?? Number.MAX_SAFE_INTEGER)
        ? null
        : 'number';
    case 'flag':
      return typeof value === 'boolean' ? null : 'flag';
    case 'digest':
      return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? null : 'digest';
    case 'word':
      return isWord(value) ? null : 'word';
    case 'name':
    case 'matter':
      return isName(value) ? null : 'name';
    case 'words':
      return isListOf(value, isWord) ? null : 'words';
    case 'names':
    case 'matters':
      return isListOf(value, isName) ? null : 'names';
  }
}

/** Whether a field says something: a list with nothing in it does not, and neither does an unticked box. */
export function isFilled(value: FieldValue | undefined): boolean {
  if (value === undefined || value === false || value === '') return false;
  return typeof value !== 'object' || value.length > 0;
}

/** The words of a field that is one or several; none where it is something else. */
export function listOf(value: FieldValue | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : typeof value === 'object' ? value : [];
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= MOST_ITEMS && value.every(fits) && new Set(value).size === value.length;
}
