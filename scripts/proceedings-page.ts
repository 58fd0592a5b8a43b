import { finalStatesOf, type Machine, type Transition } from '../src/governance/machine.ts';
import { MACHINES } from '../src/governance/machines.ts';
import type { TimerDefinition } from '../src/governance/timer.ts';
import { HEAD, table } from './reference-pages.ts';

const INTRO = [
  'Every proceeding is a table (`src/governance/machines`). What is not listed is impossible. Each step writes one audit event',
  '(`matter.step`) in the same transaction. The clock ends rights and opens windows; no time limit approves or refuses anything: a limit that passes',
  'is reported to those named under “told when late”. Nobody gives a right to his own organisation. Working days are counted in Asia/Shanghai by the',
  "State Council's calendar.",
];

function limitText({ limit }: TimerDefinition): string {
  if ('field' in limit) return `until \`${limit.field}\`${limit.daysBefore === undefined ? '' : ` less ${limit.daysBefore} days`}`;
  if ('key' in limit) return `\`${limit.key}\` of the profile, else ${limit.otherwise} (${limit.unit})`;
  return `${limit.amount} ${limit.unit}`;
}

function arrowRow(arrow: Transition): readonly string[] {
  return [
    `\`${arrow.step}\``,
    arrow.from.join(', '),
    arrow.to,
    arrow.by.join(', '),
    [...(arrow.requires ?? []), ...(arrow.reason === true ? ['a reason'] : [])].join(', '),
    (arrow.guards ?? []).join(', '),
    (arrow.effects ?? []).join(', '),
    arrow.meets.join(', '),
  ];
}

function machineText(machine: Machine): readonly string[] {
  const timers = Object.entries(machine.timers);
  return [
    `## ${machine.title.en} ${machine.title.zh}`,
    '',
    `\`${machine.noun}\`; \`/v1/${machine.plural}\`. Opened by ${machine.opens.join(', ')}; needs ${(machine.opening.requires ?? []).join(', ') || 'nothing'}. Seen by its own organisation and ${machine.readers.join(', ')}, auditor.`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${machine.initial}`,
    ...machine.transitions.flatMap((arrow) =>
      arrow.from.map((from) => `  ${from} --> ${arrow.to}: ${arrow.step} (${arrow.by.join(', ')})`),
    ),
    ...finalStatesOf(machine).map((state) => `  ${state} --> [*]`),
    '```',
    '',
    table(['step', 'from', 'to', 'who', 'needs', 'conditions', 'effects', 'meets'], machine.transitions.map(arrowRow)),
    '',
    ...(timers.length === 0
      ? []
      : [
          table(
            ['time limit', 'how long', 'who has to act', 'told when late', 'the clock then', 'meets'],
            timers.map(([name, timer]) => [
              `\`${name}\``,
              limitText(timer),
              timer.owner,
              timer.escalatesTo.join(', '),
              timer.passed ?? 'changes nothing',
              timer.meets.join(', '),
            ]),
          ),
          '',
        ]),
    table(
      ['field', 'in Chinese', 'holds'],
      Object.entries(machine.fields).map(([name, field]) => [
        `\`${name}\``,
        field.zh,
        field.words === undefined ? field.kind : `${field.kind}: ${field.words.join(', ')}`,
      ]),
    ),
    '',
  ];
}

/** Every kind of proceeding with its diagram, steps, limits and fields. */
export function proceedingsPage(): string {
  return [HEAD, '# Proceedings', '', ...INTRO, '', ...MACHINES.flatMap(machineText)].join('\n');
}
