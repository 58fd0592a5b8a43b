import { PROVINCE_CODES } from '../../identifiers/resident-id.ts';
import { maskKnown, maskWhole, type ValueOperator } from '../operator.ts';

export type RegionStep = 'county' | 'prefecture' | 'province';

const PROVINCES: ReadonlySet<string> = new Set([...PROVINCE_CODES, '71', '81', '82']);
const DIGITS: Readonly<Record<RegionStep, number>> = { county: 6, prefecture: 4, province: 2 };

/**
 * A region code up the tree of GB/T 2260: county `110105`, prefecture `110100`, province `110000`; codes of towns and villages (9, 12 digits) too.
 * Codes of no province are masked whole. Nobody can go back. Source: GB/T 2260-2007, GB/T 10114-2003.
 */
export function generaliseRegion(step: RegionStep): ValueOperator {
  return {
    kind: 'value',
    statement: {
      operator: `generalise:region:${step}`,
      reversible: false,
      by: 'nobody',
      releasable: true,
      joinable: true,
      leaves: { en: `the places of a ${step}`, zh: '同一行政区划内的全部下级区划' },
    },
    mask: (value) => {
      const code = value.trim();
      if (!/^(\d{6}|\d{9}|\d{12})$/.test(code) || !PROVINCES.has(code.slice(0, 2))) return maskWhole();
      return maskKnown(code.slice(0, DIGITS[step]).padEnd(6, '0'), null);
    },
  };
}
