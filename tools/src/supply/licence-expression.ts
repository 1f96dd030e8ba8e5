/** SPDX licence expressions: names, AND, OR, WITH and brackets. Pure. */

/**
 * Whether an expression can be met by these licences alone: one side of an OR, both sides of an AND. What is no
 * expression (a file name, free text, an exception after WITH) is met by none.
 */
export function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const words = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const take = (word: string): boolean => {
    if (words[at] !== word) return false;
    at += 1;
    return true;
  };
  const single = (): boolean => {
    if (take('(')) {
      const inner = either();
      return take(')') && inner;
    }
    const name = words[at] ?? '';
    at += 1;
    return allowed.has(name);
  };
  const both = (): boolean => {
    let met = single();
    while (take('AND')) met = single() && met;
    return met;
  };
  const either = (): boolean => {
    let met = both();
    while (take('OR')) met = both() || met;
    return met;
  };
  const met = either();
  return met && at === words.length;
}
