/** Values by key that an environment keeps while it lives: those that were asked for last. */

export interface Remembered<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** @param most that are kept, from 1 */
export function rememberLast<Value extends object>(most: number): Remembered<Value> {
  const known = new Map<string, Value>();
  return {
    get(key) {
      const value = known.get(key);
      if (value === undefined) return undefined;
      known.delete(key);
      known.set(key, value);
      return value;
    },
    set(key, value) {
      known.set(key, value);
      if (known.size <= most) return;
      for (const oldest of known.keys()) {
        known.delete(oldest);
        return;
      }
    },
  };
}
