import { describe, expect, test } from 'vitest';
import { fieldFault, isFilled } from '../../../src/governance/field.ts';

describe('fields', () => {
  test.each([
    [{ kind: 'text', zh: '' }, 'words', null],
    [{ kind: 'text', zh: '' }, '  ', 'text'],
    [{ kind: 'text', zh: '' }, 'x'.repeat(4001), 'text'],
    [{ kind: 'date', zh: '' }, '2026-02-30', 'date'],
    [{ kind: 'number', zh: '', most: 3 }, 4, 'number'],
    [{ kind: 'number', zh: '' }, -1, 'number'],
    [{ kind: 'flag', zh: '' }, 'true', 'flag'],
    [{ kind: 'digest', zh: '' }, 'A'.repeat(64), 'digest'],
    [{ kind: 'word', zh: '', words: ['a'] }, 'b', 'word'],
    [{ kind: 'words', zh: '', words: ['a', 'b'] }, ['b', 'a'], null],
    [{ kind: 'words', zh: '', words: ['a', 'b'] }, ['a', 'a'], 'words'],
    [{ kind: 'name', zh: '' }, '粤数备〔2026〕12号', null],
    [{ kind: 'name', zh: '' }, 'a name; with more', 'name'],
    [{ kind: 'names', zh: '' }, 'one', 'names'],
  ] as const)('%j holding %j: %s', (field, given, fault) => {
    expect(fieldFault(field, given)).toBe(fault);
  });

  test('an empty list and an unticked box say nothing', () => {
    expect([[], false, '', undefined, 0, ['a']].map((item) => isFilled(item))).toEqual([false, false, false, false, true, true]);
  });
});
