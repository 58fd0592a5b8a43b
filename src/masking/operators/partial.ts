import type { Masked, ValueOperator } from '../operator.ts';
import { maskAddress } from './partial-address.ts';
import { maskBankCard } from './partial-card.ts';
import { type CharacterRule, maskCharacters } from './partial-characters.ts';
import { type KeptEnds, maskPassport, maskResidentId, maskUscc } from './partial-document.ts';
import { maskEmail } from './partial-email.ts';
import { maskIp } from './partial-ip.ts';
import { maskName } from './partial-name.ts';
import { maskLandline, maskMobile } from './partial-phone.ts';
import { maskPlate } from './partial-plate.ts';

/** What a partial mask takes the values for. */
export type PartialRule =
  | { readonly kind: 'name' | 'mobile' | 'landline' | 'plate' | 'bankCard' | 'passport' | 'ip' }
  | { readonly kind: 'residentId' | 'uscc'; readonly first?: number | undefined; readonly last?: number | undefined }
  | { readonly kind: 'address'; readonly hide?: number | undefined }
  | { readonly kind: 'email'; readonly style?: 'name' | 'both' | undefined }
  | ({ readonly kind: 'characters' } & CharacterRule);

const ENDS: KeptEnds = { first: 1, last: 2 };

/**
 * Shows part of values of one format and hides the rest. Anybody who can list what fits may go back, as far as the anonymity set is small:
 * it is told with each value. Values that are not of the format are masked whole.
 * Source: GB/T 37964-2019 (抑制: 屏蔽); synthetic-and-masking.md §6.2, §6.3.
 */
export function partial(rule: PartialRule): ValueOperator {
  return {
    kind: 'value',
    statement: {
      operator: `partial:${rule.kind}`,
      reversible: true,
      by: 'anyoneByTrial',
      releasable: true,
      joinable: true,
      leaves: { en: 'the values of the format that agree in what is shown', zh: '与所示部分一致的该格式取值' },
    },
    mask: (value) => maskBy(rule, value),
  };
}

function maskBy(rule: PartialRule, value: string): Masked {
  switch (rule.kind) {
    case 'name':
      return maskName(value);
    case 'mobile':
      return maskMobile(value);
    case 'landline':
      return maskLandline(value);
    case 'plate':
      return maskPlate(value);
    case 'bankCard':
      return maskBankCard(value);
    case 'passport':
      return maskPassport(value);
    case 'ip':
      return maskIp(value);
    case 'residentId':
      return maskResidentId(value, { first: rule.first ?? ENDS.first, last: rule.last ?? ENDS.last });
    case 'uscc':
      return maskUscc(value, { first: rule.first ?? 2, last: rule.last ?? 2 });
    case 'address':
      return maskAddress(value, rule.hide);
    case 'email':
      return maskEmail(value, rule.style ?? 'name');
    default:
      return maskCharacters(value, rule);
  }
}
