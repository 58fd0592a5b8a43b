import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { mergeProfiles } from '../../catalog/profiles/merge-profiles.ts';
import { type ProfileCatalogue, profileCatalogue } from '../../catalog/profiles/profile-catalogue.ts';
import { PROFILE_KEYS, type ProfileKeyName, type ProfileValue, profileKey } from '../../catalog/profiles/profile-keys.ts';
import { layerReference } from '../../catalog/profiles/profile-layer.ts';
import { readSignedLayer } from '../../catalog/profiles/profile-signature.ts';
import type { ResolvedProfile } from '../../catalog/profiles/resolve-profile.ts';
import type { Result } from '../../kernel/result.ts';
import { type Problem, problem, problemDocument } from '../../problems/problem.ts';
import { Refused, UsageError } from '../outcome.ts';
import { makeOutput, type Output } from '../output.ts';
import { type CliEnvironment, globalOptions } from '../session.ts';
import { textTable } from '../text-table.ts';

interface ProfileOption {
  readonly profile: readonly string[];
}

/**
 * `profile …`: which rules hold in which city, and why. Needs no instance: the profiles come with the product.
 * Source: requirements.md §4.3; formats.md, "Commands".
 */
export function addProfileCommands(program: Command, environment: CliEnvironment): void {
  const profile = program.command('profile').description('the rules of each city');
  const run = (command: Command, work: (output: Output, profiles: ProfileCatalogue) => void): void => {
    const { json, language } = globalOptions(command);
    try {
      work(makeOutput(environment, json === true), profileCatalogue());
    } catch (error) {
      throw error instanceof ProblemsFound ? new Refused(problemDocument(error.problems, language)) : error;
    }
  };
  profile
    .command('list')
    .description('cities whose rules are known')
    .action((_options, command: Command) =>
      run(command, (output, profiles) => {
        const known = profiles.ids.map((id) => given(profiles.resolve(id)));
        const summaries = known.map(({ id, reference, draft, title, layers }) => ({ id, reference, draft, title, layers }));
        if (output.json) for (const item of summaries) output.record(item, '');
        else output.record(null, listText(known));
      }),
    );
  profile
    .command('show')
    .argument('[city]')
    .option('--profile <city>', 'the same: its id or its name')
    .description('every rule of a city, with the layer that decides it')
    .action((name: string | undefined, options: { readonly profile?: string }, command: Command) =>
      run(command, (output, profiles) => {
        const city = name ?? options.profile;
        if (city === undefined) throw new UsageError('Name the city, as profile list does');
        const found = given(profiles.resolve(idOf(profiles, city)));
        output.record(found, showText(found));
      }),
    );
  profile
    .command('explain')
    .argument('<key>')
    .requiredOption('--profile <profile...>', 'a city by id or name; several for a job over the data of several')
    .description('which layer decides a rule, and why')
    .action((name: string, options: ProfileOption, command: Command) =>
      run(command, (output, profiles) => {
        if (profileKey(name) === null) throw new ProblemsFound([problem('profile.unknown_key', { key: name })]);
        const key = name as ProfileKeyName;
        const cities = options.profile.map((city) => given(profiles.resolve(idOf(profiles, city))));
        const merged = mergeProfiles(cities);
        const told = {
          key,
          reference: merged.reference,
          draft: merged.draft,
          rule: merged.rules[key],
          cities: cities.map((city) => ({ id: city.id, ...city.rules[key] })),
        };
        output.record(told, explainText(key, cities, merged.reference, merged.rules[key]));
      }),
    );
  addCheckCommand(profile, environment);
}

/** The id that a person means who writes the id in other letters, or the name of the city in English or Chinese. */
function idOf(profiles: ProfileCatalogue, city: string): string {
  const meant = city.toLowerCase().replace(/市$/, '');
  const found = profiles.ids.find((id) => {
    const { title } = given(profiles.resolve(id));
    return [id, title.en, title.zh].some((name) => name.toLowerCase() === meant);
  });
  return found ?? city;
}

function addCheckCommand(profile: Command, environment: CliEnvironment): void {
  profile
    .command('check')
    .argument('<file>')
    .requiredOption('--public-key <pem>', 'Ed25519 key of the authority that signed it')
    .description('read a signed layer and say what its city would be under')
    .action(async (file: string, options: { readonly publicKey: string }, command: Command) => {
      const { json, language } = globalOptions(command);
      const texts = await Promise.all([readFile(file, 'utf8'), readFile(options.publicKey, 'utf8')]).catch(() => {
        throw new UsageError('The file or the key cannot be read');
      });
      const layer = readSignedLayer(parsed(texts[0]), texts[1]);
      if (!layer.ok) throw new Refused(problemDocument(layer.error, language));
      makeOutput(environment, json === true).record(layer.value, `${layerReference(layer.value)} is signed and readable.`);
    });
}

/** Carries problems out of a synchronous command. */
class ProblemsFound extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super('refused');
    this.problems = problems;
  }
}

function given<T>(result: Result<T, readonly Problem[]>): T {
  if (!result.ok) throw new ProblemsFound(result.error);
  return result.value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function valueText(value: ProfileValue | null): string {
  if (value === null) return '–';
  return typeof value === 'object' ? value.join(', ') || 'none' : String(value);
}

function listText(profiles: readonly ResolvedProfile[]): string {
  return textTable(
    ['profile', 'city', 'version', 'text', 'layers'],
    profiles.map((item) => [
      item.id,
      `${item.title.zh} ${item.title.en}`,
      item.reference,
      item.draft ? 'DRAFT' : 'in force',
      item.layers.join(' → '),
    ]),
  );
}

function showText(profile: ResolvedProfile): string {
  const rows = Object.entries(profile.rules).map(([name, rule]) => [name, valueText(rule.value), rule.decidedBy, rule.source]);
  const words = Object.entries({ ...profile.words.roles, ...profile.words.documents });
  return [
    listText([profile]),
    textTable(['key', 'value', 'decided by', 'source'], rows),
    textTable(['word', 'in this city'], words),
    profile.draft ? 'This text is a draft: its numbers may change before it is in force.' : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function explainText(
  key: ProfileKeyName,
  cities: readonly ResolvedProfile[],
  reference: string,
  rule: ReturnType<typeof mergeProfiles>['rules'][ProfileKeyName],
): string {
  const { meaning, rule: kind } = PROFILE_KEYS[key];
  const perCity = cities.map((city) => {
    const steps = city.rules[key].steps.map((step) => [step.layer, valueText(step.value), step.effect, step.source, step.note]);
    return `${city.title.en}: ${valueText(city.rules[key].value)}\n${textTable(['layer', 'value', 'effect', 'source', 'note'], steps)}`;
  });
  const together =
    cities.length === 1
      ? []
      : [rule.kind === 'merged' ? `${reference}: ${valueText(rule.value)} (${kind})` : `${reference}: each city's own for its own part`];
  return [`${key}: ${meaning}`, ...perCity, ...together].join('\n\n');
}
