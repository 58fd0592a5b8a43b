import type { FieldDefinition, Fields, FieldValue } from '../../governance/field.ts';
import type { Machine } from '../../governance/machine.ts';
import { MACHINES } from '../../governance/machines.ts';
import { EXAMPLE_DAY, EXAMPLE_DIGEST, textFor } from './field-values.ts';

/** A value that `fieldFault` takes. Source: requirements.md §7. */
function fieldExample(name: string, field: FieldDefinition): FieldValue {
  switch (field.kind) {
    case 'number':
      return Math.min(5, field.most ?? 5);
    case 'flag':
      return true;
    case 'date':
      return EXAMPLE_DAY;
    case 'digest':
      return EXAMPLE_DIGEST;
    case 'word':
      return field.words?.[0] ?? '';
    case 'words':
      return (field.words ?? []).slice(0, 1);
    case 'matter':
      return `${field.noun ?? 'matter'}-2026-0001`;
    case 'matters':
      return [`${field.noun ?? 'matter'}-2026-0001`];
    case 'name':
      return nameLike(name);
    case 'names':
      return [nameLike(name)];
    default:
      return textFor(name);
  }
}

/** Names have no spaces. */
const nameLike = (name: string): string => textFor(name).replaceAll(' ', '-');

function fieldsOf(machine: Machine, names: readonly string[]): Fields {
  return Object.fromEntries(names.flatMap((name) => [[name, machine.fields[name]] as const].flatMap(filled)));
}

function filled([name, field]: readonly [string, FieldDefinition | undefined]): readonly (readonly [string, FieldValue])[] {
  return field === undefined ? [] : [[name, fieldExample(name, field)]];
}

/** What a person sends first in a proceeding of that kind, and what he sees of it: with the fields that its table requires. */
export interface MatterExamples {
  readonly open: unknown;
  readonly step: unknown;
  readonly shown: unknown;
}

/** Path segment (`onboardings`) → examples of its routes; null where it is no proceeding. */
export function matterExamples(plural: string): MatterExamples | null {
  const machine = MACHINES.find((item) => item.plural === plural);
  if (machine === undefined) return null;
  const { noun, opening, initial, transitions } = machine;
  const fields = fieldsOf(machine, opening.requires ?? []);
  const first = transitions.find((item) => item.from.includes(initial) && item.by.some((by) => by !== 'clock' && by !== 'system'));
  const required = fieldsOf(machine, first?.requires ?? []);
  const at = `${EXAMPLE_DAY}T01:30:00.000Z`;
  const shown = {
    id: `${noun}-2026-0001`,
    noun,
    state: initial,
    revision: 1,
    organisation: textFor('organisation'),
    city: 'GZ',
    profile: 'GZ@1',
    fields,
    timers: [],
    steps: [],
    next: first === undefined ? [] : [first.step],
    openedAt: at,
    updatedAt: at,
  };
  return {
    open: { city: 'GZ', fields },
    step: {
      step: first?.step ?? '',
      ...(Object.keys(required).length === 0 ? {} : { fields: required }),
      ...(first?.reason === true ? { reason: textFor('reason') } : {}),
    },
    shown,
  };
}
