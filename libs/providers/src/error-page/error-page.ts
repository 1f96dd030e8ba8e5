/** The tables of the providers' errors as docs/errors.md shows them, each between its two markers. Pure; `write-error-page.ts` writes them. */
import { berlinErrorTable } from '../berlin-group/error-table.ts';
import { obukErrorTable } from '../openbanking-uk/error-table.ts';
import { plaidErrorTable } from '../plaid/error-table.ts';
import type { ProviderErrorCode } from '../provider-error.ts';
import { ruleOf } from '../provider-error-rules.ts';

const end = '<!-- end -->';
const columns = ['ours', 'outcome', 'status stored', 'who acts', 'what the user does', 'asked again'];

/** One row a code, in the order of Plaid's own pages. */
export function plaidErrorRows(): readonly string[] {
  return Object.entries(plaidErrorTable).flatMap(([type, codes]) =>
    Object.entries(codes).map(([code, meaning]) => rowOf([type, `\`${code}\``], meaning)),
  );
}

/** One row a code, in the order of the standard's code set. */
export function obukErrorRows(): readonly string[] {
  return Object.entries(obukErrorTable).map(([code, [name, meaning]]) =>
    rowOf([`\`${code}\``, `\`${name}\``], meaning),
  );
}

/** One row a code, in the order of the alphabet. */
export function berlinErrorRows(): readonly string[] {
  return Object.entries(berlinErrorTable).map(([code, meaning]) => rowOf([`\`${code}\``], meaning));
}

const tables = [
  { begin: '<!-- table: plaid errors -->', names: ['type', 'code'], rows: plaidErrorRows },
  { begin: '<!-- table: open banking uk errors -->', names: ['4.0', '3.1'], rows: obukErrorRows },
  { begin: '<!-- table: berlin group errors -->', names: ['code'], rows: berlinErrorRows },
] as const;

/**
 * @returns the page with its tables made anew
 * @throws {Error} for a page without exactly one pair of markers for each
 */
export function renderErrorPage(page: string): string {
  return tables.reduce(
    (before, { begin, names, rows }) => withTable(before, begin, [...names, ...columns], rows()),
    page,
  );
}

function rowOf(names: readonly string[], meaning: ProviderErrorCode): string {
  const { outcome, status, actor, userAction, askAgain } = ruleOf(meaning);
  const cells = [...names, `\`${meaning}\``, outcome, status ?? '-', actor, userAction, askAgain];
  return `| ${cells.join(' | ')} |`;
}

function withTable(page: string, begin: string, header: readonly string[], rows: readonly string[]): string {
  const [before, rest, ...others] = page.split(begin);
  const after = rest?.slice(rest.indexOf(end));
  if (before === undefined || after === undefined || others.length > 0 || !after.startsWith(end)) {
    throw new Error(`the page needs ${begin} and ${end} once`);
  }
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(header.map(() => '---'));
  return `${before}${begin}\n\n${[line(header), rule, ...rows].join('\n')}\n\n${after}`;
}
