/** The page that plays a bank's login: one form, or the provider's own Link where a real one is used. Pure. */
import { type BadDay, badDays } from './bank-link.ts';

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 26rem; margin: 3rem auto; padding: 0 1rem; }
  label, button, output { display: block; width: 100%; margin-top: 1rem; box-sizing: border-box; }
  input, select, button { width: 100%; padding: .6rem; font: inherit; box-sizing: border-box; }
  output { white-space: pre-wrap; }
`;

/** Sends the form as JSON, and shows what came of it. */
const script = `
  const form = document.querySelector('form');
  const output = document.querySelector('output');
  const send = async (body) => {
    output.textContent = 'linking ...';
    const response = await fetch('link', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    output.textContent = await response.text();
  };
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    form.querySelector('button').disabled = true;
    send(Object.fromEntries(new FormData(form))).finally(() => { form.querySelector('button').disabled = false; });
  });
`;

/** @param mends the connection whose login is repeated, instead of linking a bank */
export function simulatorPage(userId: string, household: string, badDay: BadDay, mends: string | undefined): string {
  const options = Object.entries(badDays).map(
    ([value, label]) => `<option value="${value}"${value === badDay ? ' selected' : ''}>${label}</option>`,
  );
  const fields =
    mends === undefined
      ? `<label>Household <input name="household" value="${escapeHtml(household)}" required pattern="[\\w.-]{1,64}"
        title="any name is a household; the same name again is the same accounts"></label>
      <label>What the bank does then <select name="badDay">${options.join('')}</select></label>`
      : `<p>The login of ${escapeHtml(mends)} is repeated.</p>`;
  return page(
    `<h1>A bank's login, played</h1>
    <p>You are <strong>${escapeHtml(userId)}</strong>. No bank is asked: the simulator plays it.</p>
    <form>${fields}<button>Log in and agree</button></form><output></output>`,
    script,
  );
}

/** Of a real provider: its Link opens, and its public token comes back here. */
export function plaidPage(linkToken: string): string {
  const open = `
    const link = Plaid.create({
      token: ${JSON.stringify(linkToken).replaceAll('<', '\\u003c')},
      onSuccess: (publicToken) => send({ publicToken }),
      onExit: (error) => { output.textContent = error ? error.display_message ?? error.error_code : 'closed'; },
    });
    document.querySelector('button').addEventListener('click', () => link.open());
    link.open();
  `;
  return page(
    '<h1>Link a bank</h1><button>Open Link</button><output></output>',
    `${script}${open}`,
    '<script src="https://cdn.plaid.com/link/v2/stable/link-initialize.js"></script>',
  );
}

function page(body: string, code: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Link a bank</title>
<meta name="viewport" content="width=device-width"><style>${style}</style>${head}</head>
<body><main>${body}</main><script>${code}</script></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
