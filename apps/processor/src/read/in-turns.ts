/** Many calls, a few of them at a time. */

/**
 * @param atOnce from 1
 * @returns the results in the order of `items`. Rejects with the first failure; no further call is begun then
 */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  call: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  async function work(): Promise<void> {
    while (next < items.length) {
      const at = next;
      next += 1;
      try {
        results[at] = await call(items[at] as Item);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}
