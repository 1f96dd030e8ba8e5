/**
 * The files whose tests are tested by `npm run mutate`: they decide and do nothing else, so whatever a mutant changes must show in what a
 * test of the same package sees. Word lists, files that only export or name types, and code that reads or writes are left out.
 */

export interface PureCore {
  /** As in `--package`. */
  readonly name: string;
  /** From the workspace's root. */
  readonly folder: string;
  /** Of sources, from `folder`; a leading `!` takes away. Each matches a file. */
  readonly files: readonly [string, ...string[]];
  /** Tests that read sources as text, which would see the mutants' own and fail for all of them, and tests of other programs. From `folder`. */
  readonly without?: readonly string[];
}

export const pureCores: readonly PureCore[] = [
  {
    name: 'validation',
    folder: 'libs/validation',
    files: ['src/money.ts', 'src/currency.ts', 'src/local-date.ts'],
  },
  {
    name: 'processor',
    folder: 'apps/processor',
    files: ['src/judgement.ts', 'src/gate.ts', 'src/reaction.ts', 'src/renewal.ts', 'src/schedule-due.ts'],
  },
  {
    name: 'providers',
    folder: 'libs/providers',
    files: [
      'src/retry-policy.ts',
      'src/retry-after.ts',
      'src/provider-error-rules.ts',
      'src/*/classify-error.ts',
      'src/list-read/dates.ts',
      'src/list-read/place.ts',
      'src/list-read/status-meaning.ts',
    ],
  },
  {
    name: 'sla',
    folder: 'libs/sla',
    without: [
      'src/in-step.test.ts',
      'src/targets/prometheus-rules.test.ts',
      'src/targets/prometheus-agreement.test.ts',
    ],
    files: [
      'src/objectives.ts',
      'src/deadline-budget.ts',
      'src/deadline.ts',
      'src/alert.ts',
      'src/alert-causes.ts',
      'src/histogram-buckets.ts',
      'src/targets/live.ts',
      'src/targets/live-alerts.ts',
    ],
  },
  {
    name: 'storage',
    folder: 'libs/storage',
    files: [
      'src/fold-*.ts',
      'src/entry-codec.ts',
      'src/head-codec.ts',
      'src/packed-text.ts',
      'src/slim-content.ts',
      'src/split-page.ts',
      'src/split-account-list.ts',
    ],
  },
  {
    name: 'insights',
    folder: 'libs/insights',
    files: [
      'src/*.ts',
      '!src/index.ts',
      '!src/calendar.ts',
      '!src/view.ts',
      '!src/category-names.ts',
      '!src/category-words.ts',
      '!src/place-names.ts',
    ],
  },
];
