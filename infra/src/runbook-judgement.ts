/** What is wrong with the commands of a page, once they have been run on moto. */
import type { RunbookOutcome } from './moto-deployment.ts';
import type { Template } from './template.ts';

/** What the page itself makes. */
const madeByThePage = /-restored$/;
const ownName = /^(?:\/[\w/-]+\/)?quartersec[-/][\w/-]+/;

/** @returns one sentence for each block that failed, each name that nobody has, and each gap that moto has closed */
export function judgeRunbook(
  outcome: RunbookOutcome | undefined,
  template: Template,
  gaps: readonly { readonly operation: string }[],
): readonly string[] {
  if (outcome === undefined) return ['no command was run'];
  const { blocks, calls } = outcome;
  const names = new Set(textsOf(template.Resources).filter((text) => text.includes('quartersec')));
  const answered = new Set(calls.flatMap(({ output }) => output.split(/[\s"]+/)));
  const isName = (text: string) => names.has(text) || madeByThePage.test(text) || answered.has(text);
  const operationOf = (args: readonly string[]) => args.slice(0, 2).join(' ');
  const failed = blocks.filter(({ exitCode }) => exitCode !== 0);
  return [
    ...failed.map(({ line, exitCode, error }) => `line ${line}: ${lastLineOf(error)} (exit code ${exitCode})`),
    // Not what failed anyway, and what moto answers though it does not have it.
    ...calls
      .filter(({ line }) => !failed.some((block) => block.line === line))
      .flatMap(({ line, args }) =>
        args.flatMap((arg, index) => {
          const [name] = ownName.exec(arg) ?? [];
          if (name === undefined) return [];
          const found = /-prefix$/.test(args[index - 1] ?? '')
            ? [...names].some((one) => one.startsWith(name))
            : isName(name);
          return found ? [] : [`line ${line}: the template has nothing of the name ${name}`];
        }),
      ),
    ...gaps.flatMap(({ operation }) => {
      const tried = calls.filter(({ args }) => operationOf(args) === operation);
      if (tried.length === 0) return [`no command is ${operation} any more: take it off the list`];
      return tried.some(({ onMoto }) => onMoto) ? [`moto does ${operation} by now: take it off the list`] : [];
    }),
  ];
}

function lastLineOf(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
