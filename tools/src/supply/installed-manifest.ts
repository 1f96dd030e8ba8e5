/** What an installed package says about its own licence. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The forms that manifests have had over the years; today's is a text. */
interface LicenceFields {
  readonly license?: string | { readonly type?: string };
  readonly licenses?: readonly { readonly type?: string }[];
}

/** @returns by path in package-lock.json: an SPDX expression, '' when it states none, `undefined` when it is not installed */
export const statedLicence =
  (root: string) =>
  (path: string): string | undefined => {
    const file = join(root, path, 'package.json');
    if (!existsSync(file)) return undefined;
    const { license, licenses } = JSON.parse(readFileSync(file, 'utf8')) as LicenceFields;
    if (typeof license === 'string') return license;
    return license?.type ?? licenses?.map(({ type }) => type ?? '').join(' OR ') ?? '';
  };
