/** Facts of a problem: names and texts the asker wrote himself, or policy numbers. Never values of the data, rows, engine text, paths, exact small counts. */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface Localised {
  readonly en: string;
  readonly zh: string;
}

/** One refusal the product can utter: HTTP status, constant title, and how to word it and what to do next, from facts alone. */
export interface ProblemDefinition<F extends Facts> {
  readonly status: number;
  readonly title: Localised;
  /** Full sentences: what is refused and what to do next. */
  readonly detail: (facts: F) => Localised;
}

/** Keeps the type of the facts with the definition. */
export function define<F extends Facts>(definition: ProblemDefinition<F>): ProblemDefinition<F> {
  return definition;
}
