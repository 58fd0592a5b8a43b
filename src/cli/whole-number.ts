import { InvalidArgumentError } from 'commander';

/** A non-negative whole number on the command line. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}
