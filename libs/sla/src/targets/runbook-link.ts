/**
 * @param runbookUrl address of the page with all runbooks, without anchor; or, ending in `/`, of what has a page for each below it
 * @param anchor of the alert or panel
 */
export function runbookLink(runbookUrl: string, anchor: string): string {
  return runbookUrl.endsWith('/') ? `${runbookUrl}${anchor}` : `${runbookUrl}#${anchor}`;
}
