/** A generated validator's words in those of a caller of the API. Pure. */

const longestPath = 100;

/** `$input.limit` under `query` is `query.limit`. Cut, since the name of an unknown member is the caller's own. */
export function pathUnder(root: string, path: string): string {
  return path.replace('$input', root).slice(0, longestPath);
}

const tagWords: readonly (readonly [RegExp, (argument: string) => string])[] = [
  [/^Type<"uint32">$/, () => 'whole, not below 0'],
  [/^Minimum<(\d+)>$/, (least) => `at least ${least}`],
  [/^Maximum<(\d+)>$/, (most) => `at most ${most}`],
  [/^MinLength<(\d+)>$/, (least) => `at least ${least} character${least === '1' ? '' : 's'}`],
  [/^MaxLength<(\d+)>$/, (most) => `at most ${most} characters`],
  [/^Format<"date">$/, () => 'a date, YYYY-MM-DD'],
  [/^Pattern<(".*")>$/, (pattern) => `matching ${JSON.parse(pattern)}`],
];

/** `((number & Type<"uint32"> & Maximum<20>) | undefined)` to `number (whole, not below 0; at most 20)`. */
export function inWords(expected: string): string {
  if (expected === 'undefined') return 'no such member';
  const variants = expected
    .replaceAll(/^\(+|\)+$/g, '')
    .split(' | ')
    .map((variant) => variant.replaceAll(/^\(|\)$/g, ''))
    .filter((variant) => variant !== 'undefined');
  return variants.map(variantWords).join(' or ');
}

function variantWords(variant: string): string {
  const [base = '', ...tags] = variant.split(' & ');
  // A type's own name is nothing to the caller.
  const kind = /^(?:string|number|boolean|null|".*")$/.test(base) ? base : 'object';
  return tags.length === 0 ? kind : `${kind} (${tags.map(tagText).join('; ')})`;
}

function tagText(tag: string): string {
  for (const [form, say] of tagWords) {
    const [found, argument = ''] = form.exec(tag) ?? [];
    if (found !== undefined) return say(argument);
  }
  return tag;
}
