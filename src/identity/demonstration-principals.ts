import type { Actor } from './actor.ts';

/**
 * The people of the demonstration, one per role, and two of the roles that review for the four eyes.
 * For embedded instances only: they have no API keys until some are issued. Source: formats.md, "Commands".
 */
export function demonstrationPrincipals(): readonly Actor[] {
  return [
    { id: 'merchant-a', organisation: 'merchant-a-co', roles: ['merchant'] },
    { id: 'merchant-b', organisation: 'merchant-b-co', roles: ['merchant'] },
    { id: 'operator-1', organisation: 'operator-co', roles: ['operator'] },
    { id: 'operator-2', organisation: 'operator-co', roles: ['operator'] },
    { id: 'supervisor-1', organisation: 'supervisor-office', roles: ['supervisor'] },
    { id: 'auditor-1', organisation: 'security-team', roles: ['auditor'] },
    { id: 'authority-1', organisation: 'data-authority', roles: ['authority'] },
    { id: 'council-1', organisation: 'coordination-council', roles: ['council'] },
    { id: 'expert-1', organisation: 'expert-committee', roles: ['expert'] },
    { id: 'expert-2', organisation: 'expert-committee', roles: ['expert'] },
    { id: 'secrecy-1', organisation: 'secrecy-office', roles: ['secrecy'] },
    { id: 'secrecy-2', organisation: 'secrecy-office', roles: ['secrecy'] },
    { id: 'registry-1', organisation: 'registry-office', roles: ['registry'] },
    { id: 'source-1', organisation: 'source-department', roles: ['source'] },
  ];
}
