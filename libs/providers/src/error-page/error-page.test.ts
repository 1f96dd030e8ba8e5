import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { berlinErrorRows, obukErrorRows, plaidErrorRows, renderErrorPage } from './error-page.ts';

const obuk = '<!-- table: open banking uk errors -->';
const berlin = '<!-- table: berlin group errors -->';

describe("the tables of the providers' errors on docs/errors.md", () => {
  it('is what the code says: `npm run docs:errors` writes it', () => {
    const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
    expect(renderErrorPage(page)).toBe(page);
  });

  it('says of each code whose it is and when the provider is asked again', () => {
    expect(plaidErrorRows()).toContain(
      '| ITEM_ERROR | `ITEM_LOGIN_REQUIRED` | `LOGIN_REQUIRED` | user-action | login-required | user | update-mode | probe |',
    );
    expect(plaidErrorRows()).toContain(
      '| RATE_LIMIT_EXCEEDED | `CREDITS_EXHAUSTED` | `CONFIGURATION_REFUSED` | configuration | - | us | none | hour |',
    );
    expect(obukErrorRows()).toContain(
      '| `U028` | `UK.OBIE.Reauthenticate` | `CONSENT_EXPIRED` | user-action | consent-expired | user | re-consent | probe |',
    );
    expect(berlinErrorRows()).toContain(
      '| `ACCESS_EXCEEDED` | `THROTTLED` | throttled | - | nobody | none | quota window |',
    );
  });

  it('replaces what stood between the markers, and nothing else', () => {
    const page = renderErrorPage(
      `a\n<!-- table: plaid errors -->\nold\n<!-- end -->\nb\n${obuk}\nold\n<!-- end -->\nc\n${berlin}\nold\n<!-- end -->\nd\n`,
    );
    expect(page).toMatch(/^a\n<!-- table: plaid errors -->\n\n\| type \| /);
    expect(page).toMatch(/\|\n\n<!-- end -->\nb\n<!-- table: open banking uk errors -->\n\n\| 4\.0 \| /);
    expect(page).toMatch(/\|\n\n<!-- end -->\nc\n<!-- table: berlin group errors -->\n\n\| code \| ours \| /);
    expect(page).toMatch(/\|\n\n<!-- end -->\nd\n$/);
    expect(page).not.toContain('old');
  });

  it.each([
    '',
    'a <!-- end -->',
    '<!-- table: plaid errors --><!-- end -->',
    'a <!-- table: plaid errors --> b',
    '<!-- table: plaid errors --><!-- table: plaid errors --><!-- end -->',
  ])('refuses a page without its markers: %j', (page) => {
    expect(() => renderErrorPage(page)).toThrow('once');
  });

  it('has a command that explains itself', () => {
    const command = fileURLToPath(new URL('write-error-page.ts', import.meta.url));
    expect(execFileSync(process.execPath, [command, '--help'], { encoding: 'utf8' })).toContain('npm run docs:errors');
  });
});
