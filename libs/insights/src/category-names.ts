/** What money was for. A small set of our own: providers' categories and, where they give none, transparent rules lead to it. */

/** Their order is part of the form in which a state is packed: new ones go to the end. */
export const categories = [
  'income',
  'transfer',
  'loan',
  'fees',
  'interest',
  'cash',
  'housing',
  'utilities',
  'groceries',
  'dining',
  'shopping',
  'transport',
  'travel',
  'entertainment',
  'health',
  'insurance',
  'services',
  'government',
  'other',
] as const;

export type Category = (typeof categories)[number];
