import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changeCatalogue, changeKinds, memberNames } from './bank/change.ts';
import { catalogue } from './faults/catalogue.ts';
import { type OptionSpec, specText } from './faults/option-spec.ts';
import { example } from './readme-example.ts';

const readme = readFileSync(`${import.meta.dirname}/../README.md`, 'utf8');

const optionText = ([name, spec]: [string, OptionSpec]): string => `\`${name}\` ${specText(spec)}`;

const rows = Object.entries(catalogue).map(([kind, { on, does }]) => `| \`${kind}\` | ${on} | ${does} |`);

const optionLines = Object.entries(catalogue)
  .filter(([, { options }]) => Object.keys(options).length > 0)
  .map(([kind, { options }]) => `- \`${kind}\`: ${Object.entries<OptionSpec>(options).map(optionText).join('; ')}`);

describe('README.md', () => {
  it('lists every fault and its options as the code has them', () => {
    const section = readme.slice(readme.indexOf('## Faults'), readme.indexOf('## Limits'));
    const lines = section.split('\n').map((line) => line.replace(/ {2,}/g, ' ')); // the formatter pads tables
    expect(lines.filter((line) => line.startsWith('| `'))).toEqual(rows);
    expect(lines.filter((line) => line.startsWith('- `'))).toEqual(optionLines);
  });

  it('lists every change of a script and its members as the code has them', () => {
    const section = readme.slice(readme.indexOf('## Changes'), readme.indexOf('## Faults'));
    const lines = section.split('\n').map((line) => line.replace(/ {2,}/g, ' '));
    expect(lines.filter((line) => line.startsWith('| `'))).toEqual(
      changeKinds.map((kind) => `| \`${kind}\` | ${memberNames(kind)} | ${changeCatalogue[kind].does} |`),
    );
  });

  it('shows the example as it is compiled', () => {
    const source = readFileSync(`${import.meta.dirname}/readme-example.ts`, 'utf8');
    expect(readme).toContain(source.slice(source.indexOf('\n') + 1).trim());
  });

  it('tells the truth about what the example returns', async () => {
    expect(await example()).toEqual(['INTERNAL_SERVER_ERROR', '40 transactions']);
    expect(readme).toContain("`['INTERNAL_SERVER_ERROR', '40 transactions']`");
  });
});
