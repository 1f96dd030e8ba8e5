/** The user's page before its script runs. It holds no data of the user: those come through the API. Pure. */
import { escapeHtml } from '../board/escape-html.ts';
import type { SandboxUser } from './sandbox-users.ts';

function optionsOf(users: readonly SandboxUser[], userId: string): string {
  const known = users.some((one) => one.userId === userId) ? users : [{ userId, byHand: false }, ...users];
  return known
    .map(
      ({ userId: id }) =>
        `<option value="${escapeHtml(id)}"${id === userId ? ' selected' : ''}>${escapeHtml(id)}</option>`,
    )
    .join('');
}

const card = (id: string, title: string, more = '') =>
  `<section id="${id}-card" aria-labelledby="${id}-title"><div class="heading"><h2 id="${id}-title">${title}</h2>${more}</div><div id="${id}"></div></section>`;

export function userShell(userId: string, users: readonly SandboxUser[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(userId)} · quartersec</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/user.css">
<script type="module" src="/user.js"></script>
</head>
<body data-user="${escapeHtml(userId)}" data-state="loading">
<header>
<h1>quartersec <span>a user's page</span></h1>
<p><a href="/">SLA board</a></p>
<p id="live" data-live="wait"><span class="dot" aria-hidden="true"></span><span id="live-text" role="status">connecting</span></p>
<p id="who"><label for="of">User</label> <select id="of">${optionsOf(users, userId)}</select></p>
</header>
<main>
<section id="headline-card" data-tone="still" aria-label="Today">
<div id="summary">
<p id="headline">Reading.</p>
<p id="detail"></p>
</div>
<dl id="figures" hidden></dl>
</section>
<ul id="notices" aria-label="About your banks" hidden></ul>
<div id="empty" hidden></div>
<div id="content" hidden>
${card('recommendations', 'What you can do')}
<div class="ahead">
${card('forecast', 'The next 45 days')}
${card('calendar', 'Due and expected')}
</div>
${card('insights', 'What we noticed')}
${card('balances', 'Balances', '<span class="meta">180 days</span>')}
${card('recurring', 'Comes back', '<span class="meta" id="recurring-total"></span>')}
</div>
<p id="said" class="heard" role="status" aria-live="polite"></p>
</main>
<footer>
<p>Data of the sandbox: no real person, account or payment. The page reads what an app would read, from the API under <code>/v1</code>.</p>
</footer>
<noscript><p>The page needs JavaScript.</p></noscript>
</body>
</html>
`;
}
