/** Shell blocks of a page that call the AWS CLI, as they stand there. */

export interface RunbookBlock {
  /** Line of the page, from 1, of the block's first line. */
  readonly line: number;
  readonly script: string;
}

/** @param page Markdown; a block within a list may be indented */
export function awsBlocks(page: string): readonly RunbookBlock[] {
  const blocks: RunbookBlock[] = [];
  for (const match of page.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)) {
    const [, indent = '', body = ''] = match;
    const script = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    if (/(?:^|[\s("])aws /m.test(script)) blocks.push({ line: lineOf(page, match.index) + 1, script });
  }
  return blocks;
}

/**
 * Commands in the running text with an option: they would be tried by nobody.
 * @returns the text of each
 */
export function untriedCommands(page: string): readonly string[] {
  return [...page.matchAll(/`(aws [^`\n]* --[^`\n]*)`/g)]
    .map(([, command = '']) => command)
    .filter((one) => one !== 'aws --version');
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
