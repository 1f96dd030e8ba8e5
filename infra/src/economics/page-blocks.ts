/**
 * Generated parts of a page, between `<!-- table: NAME -->` and `<!-- end -->`. The command writes them, a test compares
 * them: nobody copies a figure by hand.
 */

export type Blocks = Readonly<Record<string, () => string>>;

const block = /<!-- table: (.+?) -->\n[\s\S]*?<!-- end -->/g;

/**
 * @returns the page with every block made anew
 * @throws {Error} for a block that no table belongs to, or a table without a block
 */
export function renderBlocks(page: string, blocks: Blocks): string {
  const unused = new Set(Object.keys(blocks));
  const text = page.replace(block, (_whole, name: string) => {
    const render = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
    if (render === undefined) throw new Error(`the page has a block "${name}" that no table belongs to`);
    unused.delete(name);
    return `<!-- table: ${name} -->\n\n${render()}\n\n<!-- end -->`;
  });
  if (unused.size > 0) throw new Error(`the page has no block for ${[...unused].join(', ')}`);
  return text;
}
