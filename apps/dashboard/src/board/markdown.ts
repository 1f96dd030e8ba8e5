/**
 * The Markdown of our own runbook as HTML: headings, paragraphs, lists, tables, fenced code, and in a line code, bold and links.
 * Everything else is text, markup in it too: nothing comes through unescaped. Pure.
 */
import { escapeHtml } from './escape-html.ts';

/** As GitHub makes anchors of headings. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .trim()
    .replaceAll(' ', '-');
}

/** @returns address of a link's target as the page has it; `undefined` for one that it cannot open */
export type LinkOf = (target: string) => string | undefined;

function linkHtml(words: string, target: string, linkOf: LinkOf): string {
  const href = linkOf(target);
  return href === undefined
    ? `${wordsHtml(words)} (<code>${escapeHtml(target)}</code>)`
    : `<a href="${escapeHtml(href)}">${wordsHtml(words)}</a>`;
}

function wordsHtml(text: string): string {
  return escapeHtml(text).replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}

function lineHtml(text: string, linkOf: LinkOf): string {
  const parts = text.split(/(`[^`]+`|\[(?:[^[\]]|`[^`]*`)+\]\([^()\s]+\))/);
  return parts
    .map((part) => {
      if (/^`.+`$/.test(part)) return `<code>${escapeHtml(part.slice(1, -1))}</code>`;
      const [, words, target] = /^\[(.+)\]\((.+)\)$/.exec(part) ?? [];
      return words === undefined || target === undefined ? wordsHtml(part) : linkHtml(words, target, linkOf);
    })
    .join('');
}

/** A bar inside of code, or behind a backslash, ends no cell. */
function cellsOf(row: string): readonly string[] {
  const inner = row.trim().replace(/^\|/, '').replace(/\|$/, '');
  const cells = inner.match(/(?:`[^`]*`|\\\||[^|`])+/g) ?? [];
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function tableHtml(rows: readonly string[], linkOf: LinkOf): string {
  const [head = '', , ...body] = rows;
  const row = (line: string, tag: string) =>
    `<tr>${cellsOf(line)
      .map((cell) => `<${tag}>${lineHtml(cell, linkOf)}</${tag}>`)
      .join('')}</tr>`;
  return `<div class="wide"><table><thead>${row(head, 'th')}</thead><tbody>${body.map((line) => row(line, 'td')).join('')}</tbody></table></div>`;
}

const isItem = (line: string) => /^(?:[-*]|\d+\.) /.test(line);

function listHtml(lines: readonly string[], linkOf: LinkOf): string {
  const items: string[] = [];
  for (const line of lines) {
    if (isItem(line)) items.push(line.replace(/^\S+ /, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  const tag = /^\d/.test(lines[0] ?? '') ? 'ol' : 'ul';
  return `<${tag}>${items.map((item) => `<li>${lineHtml(item, linkOf)}</li>`).join('')}</${tag}>`;
}

function blockHtml(block: string, linkOf: LinkOf): string {
  const lines = block.split('\n');
  const [first = ''] = lines;
  const [, rank, title] = /^(#{1,6}) (.+)$/.exec(first) ?? [];
  if (rank !== undefined && title !== undefined) {
    const heading = `<h${rank.length} id="${anchorOf(title)}">${lineHtml(title, linkOf)}</h${rank.length}>`;
    const rest = lines.slice(1).join('\n').trim();
    return rest === '' ? heading : `${heading}\n${blockHtml(rest, linkOf)}`;
  }
  if (first.startsWith('|') && /^\|[\s:|-]+\|$/.test(lines[1]?.trim() ?? '')) return tableHtml(lines, linkOf);
  return isItem(first) ? listHtml(lines, linkOf) : `<p>${lineHtml(lines.join(' '), linkOf)}</p>`;
}

/** @param linkOf where a link leads, on the page that this becomes a part of */
export function markdownHtml(markdown: string, linkOf: LinkOf): string {
  return markdown
    .split(/^```.*\n([\s\S]*?)^```$/m)
    .map((part, index) => {
      if (index % 2 === 1) return `<pre><code>${escapeHtml(part)}</code></pre>`;
      const blocks = part.split(/\n\s*\n/).map((block) => block.trim());
      return blocks
        .filter((block) => block !== '')
        .map((block) => blockHtml(block, linkOf))
        .join('\n');
    })
    .join('\n');
}
