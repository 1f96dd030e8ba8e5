/** The troubleshooting page, whole or one section of it, so that an alert links to its own. Pure. */
import { runbookPage } from '@quartersec/sla';
import { escapeHtml } from './escape-html.ts';
import { anchorOf, type LinkOf, markdownHtml } from './markdown.ts';

/** @returns the section with that anchor, up to the next heading of its rank or above; `undefined` without one */
export function runbookSection(markdown: string, anchor: string): string | undefined {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => /^#{1,6} /.test(line) && anchorOf(line.replace(/^#+ /, '')) === anchor);
  if (start < 0) return undefined;
  const rank = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 0;
  const length = lines.slice(start + 1).findIndex((line) => (/^(#{1,6}) /.exec(line)?.[1]?.length ?? 7) <= rank);
  return lines
    .slice(start, length < 0 ? undefined : start + 1 + length)
    .join('\n')
    .trim();
}

/** Sections are pages of the board; other pages of the documentation are not served here, and only named. */
const linkOf: LinkOf = (target) => {
  if (target.startsWith('#')) return `/runbook/${target.slice(1)}`;
  return /^https?:\/\//.test(target) ? target : undefined;
};

/** @param markdown the section, or the whole */
export function runbookHtml(markdown: string): string {
  const title = /^#+ (.+)$/m.exec(markdown)?.[1] ?? runbookPage;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · quartersec</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/board.css">
</head>
<body>
<header>
<p><a href="/">SLA board</a> · <a href="/runbook">all of ${escapeHtml(runbookPage)}</a></p>
</header>
<main>
<section class="runbook">
${markdownHtml(markdown, linkOf)}
</section>
</main>
</body>
</html>
`;
}
