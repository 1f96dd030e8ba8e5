/**
 * Calls that follow one another, so that a history does not depend on the network's order.
 * @param onCall before each
 */
export function oneAfterAnother(onCall: () => void): <T>(call: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const mine = last.then(() => {
      onCall();
      return call();
    });
    last = mine.catch(() => {});
    return mine;
  };
}
