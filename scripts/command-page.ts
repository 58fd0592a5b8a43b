import type { Argument, Command, Option } from 'commander';
import { HEAD, table } from './reference-pages.ts';

const INTRO = [
  '`npm run -s sluice -- <noun> <verb> …`. The options of every command stand first; where a command takes more, they are listed with it.',
  '',
  'Exit status: 0 done; 1 refused, with the problems on standard output (RFC 9457 with `--json`); 2 the command line is wrong; 3 fault.',
  '`audit verify` exits with 1 when the log was changed. With `--json` standard output holds JSON lines and nothing else.',
  '',
  'Nouns of later versions (`mask`, `model`, `witness`, …) say so and exit with 2.',
];

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function optionRow(option: Option): readonly string[] {
  const notes = [
    option.mandatory ? 'required' : '',
    option.argChoices === undefined ? '' : option.argChoices.map((choice) => `\`${choice}\``).join(' or '),
    ['string', 'number'].includes(typeof option.defaultValue) && option.defaultValue !== '' ? `default \`${option.defaultValue}\`` : '',
  ];
  return [`\`${option.flags}\``, option.description, notes.filter((note) => note !== '').join('; ')];
}

function options(command: Command): readonly string[] {
  const rows = command.options.filter((option) => !option.hidden).map(optionRow);
  return rows.length === 0 ? [] : [table(['option', 'meaning', ''], rows), ''];
}

/** Commands that do something, with the words that lead to them; hidden ones left out. */
function leaves(command: Command, path: readonly string[]): readonly { readonly words: string; readonly command: Command }[] {
  const shown = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
  if (shown.length === 0) return [{ words: path.join(' '), command }];
  return shown.flatMap((child) => leaves(child, [...path, child.name()]));
}

/** Every command of the program with its arguments and options. */
export function commandsPage(program: Command): string {
  const entries = leaves(program, []).flatMap(({ words, command }) => [
    `## \`${[words, ...command.registeredArguments.map(argumentText)].join(' ')}\``,
    '',
    command.description() === '' ? '' : `${command.description()}.`,
    '',
    ...command.registeredArguments
      .filter((argument) => argument.description !== '')
      .flatMap((argument) => [`- \`${argument.name()}\`: ${argument.description}`, '']),
    ...options(command),
  ]);
  return [HEAD, '# Commands', '', ...INTRO, '', '## Options of every command', '', ...options(program), ...entries].join('\n');
}
