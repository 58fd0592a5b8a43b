import { type ValueOperator, WHOLE_MASK } from '../operator.ts';

/** Replaces every value by the same mask. Nobody can go back. Source: GB/T 37964-2019 (抑制: 屏蔽). */
export const REDACT: ValueOperator = {
  kind: 'value',
  statement: {
    operator: 'redact',
    reversible: false,
    by: 'nobody',
    releasable: true,
    joinable: false,
    leaves: { en: 'every value the column can hold', zh: '该字段的全部可能取值' },
  },
  mask: () => ({ text: WHOLE_MASK, anonymitySet: null, recognised: true }),
};
