/** The page on which a household agrees or refuses, as a bank shows it after its login. Pure. */

export interface ConsentPage {
  /** Where the decision is posted to. */
  readonly action: string;
  /** Of the request for authorisation, which the bank has checked. */
  readonly handle: string;
  readonly clientId: string;
  readonly permissions: readonly string[];
  readonly expires: string | null;
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 28rem; margin: 3rem auto; padding: 0 1rem; }
  label, button { display: block; width: 100%; margin-top: 1rem; box-sizing: border-box; }
  input, button { width: 100%; padding: .6rem; font: inherit; box-sizing: border-box; }
`;

export function consentPage({ action, handle, clientId, permissions, expires }: ConsentPage): string {
  const items = permissions.map((permission) => `<li>${escapeHtml(permission)}</li>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A bank, played</title>
<meta name="viewport" content="width=device-width"><style>${style}</style></head><body><main>
<h1>Share your accounts?</h1>
<p><strong>${escapeHtml(clientId)}</strong> asks to read, ${expires === null ? 'without an end' : `until ${escapeHtml(expires)}`}:</p>
<ul>${items}</ul>
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="request" value="${escapeHtml(handle)}">
<label>Household <input name="household" list="households" value="anna" required pattern="[\\w.-]{1,64}"
  title="any name is a household; the same name again is the same accounts"></label>
<datalist id="households"><option value="anna"><option value="bert"><option value="household-52-0"></datalist>
<button name="decision" value="approve">Agree</button>
<button name="decision" value="refuse" formnovalidate>Refuse</button>
</form></main></body></html>`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
