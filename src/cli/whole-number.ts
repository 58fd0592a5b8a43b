import { InvalidArgumentError } from 'commander';

const MAX_PORT = 65_535;

/** A TCP port on the command line; 0 stands for a free one. */
export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > MAX_PORT) throw new InvalidArgumentError(`must be at most ${MAX_PORT}`);
  return port;
}

/** A non-negative whole number on the command line. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}
