/**
 * States, ledgers and series never change once they are made, and a change leaves those that it does not touch the same objects. So what
 * was reckoned of one holds as long as it lives: with the next version of a connection only what has changed is reckoned again.
 */

/** @param reckon pure: the same for the same object, whatever else there is */
export function remembered<Key extends object, Value>(reckon: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found.value;
    const value = reckon(key);
    known.set(key, { value });
    return value;
  };
}

/** The same of an object beside others: the last ones are remembered. */
export function rememberedBeside<Key extends object, Beside extends readonly unknown[], Value>(
  reckon: (key: Key, ...beside: Beside) => Value,
): (key: Key, ...beside: Beside) => Value {
  const known = new WeakMap<Key, { readonly beside: Beside; readonly value: Value }>();
  return (key, ...beside) => {
    const found = known.get(key);
    if (found !== undefined && areSame(found.beside, beside)) return found.value;
    const value = reckon(key, ...beside);
    known.set(key, { beside, value });
    return value;
  };
}

function areSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
