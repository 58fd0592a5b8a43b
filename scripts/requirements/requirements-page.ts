import { HEAD, table } from '../reference-pages.ts';
import { TABLE_TEST, type TracedRequirement, traceRequirements } from './trace.ts';

const INTRO = [
  'Requirement → module → test, from the ids that code and tests name, `scripts/requirements/elsewhere.json` (modules that name none) and',
  '`scripts/requirements/open.json` (what is not met, or not wholly, and why). The checks fail on an id that is not there, on a claim without a test, and on a',
  'requirement that is neither met nor open. State `step`: it is met by a step or time limit of a proceeding, and its only test is the one of all tables:',
  'who may take the step, what it needs, where it leads; no test of its own tells its story.',
];

type Status = 'met' | 'step' | 'in part' | 'open';

function statusOf(item: TracedRequirement): Status {
  if (item.modules.length === 0) return 'open';
  if (item.open !== null) return 'in part';
  return item.tests.length === 1 && item.tests[0] === TABLE_TEST ? 'step' : 'met';
}

/** Every requirement of the five cities with its state. */
export function requirementsPage(): string {
  const { requirements } = traceRequirements();
  const kinds = ['core', 'lifecycle', 'governance'] as const;
  const counts = kinds.map((kind) => {
    const own = requirements.filter((item) => item.kind === kind);
    return [
      kind,
      ...(['met', 'step', 'in part', 'open'] as const).map((status) => String(own.filter((item) => statusOf(item) === status).length)),
      String(own.length),
    ];
  });
  const short = (files: readonly string[]): string =>
    files
      .slice(0, 4)
      .map((file) => `\`${file.replace(/^(src|test)\//, '')}\``)
      .join(' ');
  return [
    HEAD,
    '# Requirements',
    '',
    ...INTRO,
    '',
    table(['class', 'met', 'step', 'in part', 'open', 'all'], counts),
    '',
    table(
      ['id', 'class', 'says', 'state', 'modules', 'tests', 'reason'],
      requirements.map((item) => [item.id, item.kind, item.says, statusOf(item), short(item.modules), short(item.tests), item.open ?? '']),
    ),
    '',
  ].join('\n');
}
