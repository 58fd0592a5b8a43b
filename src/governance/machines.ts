import type { Machine } from './machine.ts';
import { AGREEMENT } from './machines/agreement.ts';
import { APPEAL } from './machines/appeal.ts';
import { CATALOGUE_ENTRY } from './machines/catalogue-entry.ts';
import { CERTIFICATE } from './machines/certificate.ts';
import { CONSENT } from './machines/consent.ts';
import { DATA_DEMAND } from './machines/data-demand.ts';
import { EMERGENCY_PLAN } from './machines/emergency-plan.ts';
import { EVALUATION } from './machines/evaluation.ts';
import { INCIDENT } from './machines/incident.ts';
import { LABORATORY } from './machines/laboratory.ts';
import { ONBOARDING } from './machines/onboarding.ts';
import { QUALITY_TICKET } from './machines/quality-ticket.ts';
import { SIMULATION_PREVIEW } from './machines/simulation-preview.ts';
import { STAFF_MEMBER } from './machines/staff-member.ts';
import { SUPPLY_ORDER } from './machines/supply-order.ts';
import { USE_APPLICATION } from './machines/use-application.ts';

/** Every kind of matter there is. Source: requirements.md §5. */
export const MACHINES: readonly Machine[] = [
  ONBOARDING,
  STAFF_MEMBER,
  CATALOGUE_ENTRY,
  DATA_DEMAND,
  USE_APPLICATION,
  SIMULATION_PREVIEW,
  LABORATORY,
  AGREEMENT,
  SUPPLY_ORDER,
  CERTIFICATE,
  CONSENT,
  APPEAL,
  QUALITY_TICKET,
  INCIDENT,
  EMERGENCY_PLAN,
  EVALUATION,
];

/** The machine of a noun; throws for one that is not there: nouns of records and routes are our own. */
export function machineOf(noun: string): Machine {
  const machine = MACHINES.find((item) => item.noun === noun);
  if (machine === undefined) throw new Error(`No such kind of matter: ${noun}`);
  return machine;
}
