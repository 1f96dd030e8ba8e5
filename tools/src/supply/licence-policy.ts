/** Which licences a dependency may have, and which packages may have another one, each with its reason. */

/** Licences by their SPDX ids that ask for no more than to keep their notice. */
export const allowedLicences: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Zlib',
]);

export interface LicenceException {
  /** Matches whole package names. */
  readonly packages: RegExp;
  readonly licence: string;
  /** Why it may be here. Every exception holds for development alone: nothing of it is deployed. */
  readonly reason: string;
}

export const licenceExceptions: readonly LicenceException[] = [
  {
    packages: /^lightningcss(?:-[\w-]+)?$/,
    licence: 'MPL-2.0',
    reason: 'CSS reader of the test runner, used unchanged; a weak copyleft that reaches only its own files',
  },
  {
    packages: /^axe-core$/,
    licence: 'MPL-2.0',
    reason:
      'accessibility rules that browser tests load, used unchanged; a weak copyleft that reaches only its own files',
  },
  {
    packages: /^caniuse-lite$/,
    licence: 'CC-BY-4.0',
    reason: "data on browsers that the mutation tester's parser brings, used unchanged",
  },
  {
    packages: /^argparse$/,
    licence: 'Python-2.0',
    reason:
      "a port of Python's module under Python's permissive licence; reads the command line of a YAML parser in Nx",
  },
];
