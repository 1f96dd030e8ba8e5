/** The table of Plaid's errors as docs/errors.md shows it, between its two markers. Pure; `write-error-page.ts` writes it. */
import { ruleOf } from '../provider-error-rules.ts';
import { plaidErrorTable } from './error-table.ts';

const begin = '<!-- table: plaid errors -->';
const end = '<!-- end -->';

const header = '| type | code | ours | outcome | status stored | who acts | what the user does | asked again |';

/** One row a code, in the order of Plaid's own pages. */
export function plaidErrorRows(): readonly string[] {
  return Object.entries(plaidErrorTable).flatMap(([type, codes]) =>
    Object.entries(codes).map(([code, meaning]) => {
      const { outcome, status, actor, userAction, askAgain } = ruleOf(meaning);
      const cells = [type, `\`${code}\``, `\`${meaning}\``, outcome, status ?? '-', actor, userAction, askAgain];
      return `| ${cells.join(' | ')} |`;
    }),
  );
}

/**
 * @returns the page with its table made anew
 * @throws {Error} for a page without exactly one pair of markers
 */
export function renderErrorPage(page: string): string {
  const [before, rest, ...others] = page.split(begin);
  const after = rest?.slice(rest.indexOf(end));
  if (before === undefined || after === undefined || others.length > 0 || !after.startsWith(end)) {
    throw new Error(`the page needs ${begin} and ${end} once`);
  }
  const rule = header.replaceAll(/[^|]+/g, ' --- ');
  return `${before}${begin}\n\n${[header, rule, ...plaidErrorRows()].join('\n')}\n\n${after}`;
}
