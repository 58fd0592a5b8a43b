import { describe, expect, test } from 'vitest';
import { mayRegister } from '../../../src/identity/separation-of-duties.ts';

describe('separation of duties', () => {
  test('S1: an organisation is never operator and merchant at once', () => {
    const merchant = { organisation: 'acme', roles: ['merchant'] } as const;
    const other = { organisation: 'acme', roles: ['operator'] } as const;
    expect(mayRegister(merchant, [other]).ok).toBe(false);
    expect(mayRegister(other, [merchant]).ok).toBe(false);
    expect(mayRegister(merchant, [{ ...other, organisation: 'city' }, merchant]).ok).toBe(true);
    expect(mayRegister({ organisation: 'acme', roles: ['merchant', 'operator'] }, []).ok).toBe(false);
  });

  test('S7, S8: within a person, not within an organisation', () => {
    const auditor = { organisation: 'city', roles: ['auditor'] } as const;
    expect(mayRegister(auditor, [{ organisation: 'city', roles: ['operator'] }]).ok).toBe(true);
    expect(mayRegister({ organisation: 'city', roles: ['auditor', 'operator'] }, []).ok).toBe(false);
    expect(mayRegister({ organisation: 'city', roles: ['supervisor', 'operator'] }, []).ok).toBe(false);
  });
});
