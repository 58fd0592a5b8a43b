import { describe, expect, test } from 'vitest';
import { traceRequirements } from '../../scripts/requirements/trace.ts';

describe('requirements of the five cities', () => {
  const { requirements, faults } = traceRequirements();

  test('are all 331 there, once each, in their classes', () => {
    expect(new Set(requirements.map((item) => item.id)).size).toBe(331);
    const count = (kind: string) => requirements.filter((item) => item.kind === kind).length;
    expect([count('core'), count('lifecycle'), count('governance')]).toEqual([67, 203, 61]);
  });

  test('are met with a test, or named as open with a reason; no claim names an id that is not there', () => {
    expect(faults).toEqual([]);
  });

  test('every reason says what is missing', () => {
    for (const item of requirements.filter((found) => found.open !== null))
      expect(item.open).toMatch(/^(Not begun|Not here|In part|Paper)\b.*\.$/);
  });
});
