import { isPlate } from '../../identifiers/plate.ts';
import { type Masked, maskKnown, maskWhole } from '../operator.ts';

/** A plate with three characters in front and one behind. Source: GA 36-2018; synthetic-and-masking.md §6.2. */
export function maskPlate(value: string): Masked {
  const plate = value.replace(/[\s·•]/g, '').toUpperCase();
  if (!isPlate(plate)) return maskWhole();
  const hidden = plate.length - 4;
  return maskKnown(`${plate.slice(0, 3)}${'*'.repeat(hidden)}${plate.slice(-1)}`, 10 ** hidden);
}
