import type { ProblemDocument } from '../problems/problem.ts';

/** Exit statuses of the command. Source: formats.md, "Commands". */
export const EXIT = { done: 0, refused: 1, usage: 2, fault: 3 } as const;

/** The instance said no; ends the command with status 1 and the problems on standard output. */
export class Refused extends Error {
  /** Null where standard output has the whole answer already. */
  readonly document: ProblemDocument | null;
  /** Exit status; another than 1 where the command has statuses of its own (`audit verify`). */
  readonly status: number;
  constructor(document: ProblemDocument | null, status: number = EXIT.refused) {
    super('refused');
    this.name = 'Refused';
    this.document = document;
    this.status = status;
  }
}

/** The command line itself is wrong; ends with status 2. The text is for the person at the keyboard. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Neither done nor refused: no connection, or the service broke. Ends with status 3. */
export class CliFault extends Error {
  override readonly name = 'CliFault';
}
