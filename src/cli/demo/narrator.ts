import type { Writable } from 'node:stream';

/** Tells the story of the demonstration with the time since its start. */
export interface Narrator {
  chapter(title: string): void;
  say(text: string): void;
  /** Text set apart: a query, a table. */
  show(text: string): void;
}

export function makeNarrator(out: Writable, elapsedMs: () => number): Narrator {
  const clock = (): string => `${(elapsedMs() / 1000).toFixed(1).padStart(6)} s`;
  return {
    chapter: (title) => void out.write(`\n── ${title} ${'─'.repeat(Math.max(3, 70 - title.length))}\n`),
    say: (text) => void out.write(`${clock()}  ${text}\n`),
    show: (text) => void out.write(`${text.replaceAll(/^/gm, '          ')}\n`),
  };
}
