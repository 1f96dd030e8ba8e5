/** The wait for one attempt, which ends even where the client's own does not. */

/** No answer in time: whether the call was carried out, nobody can tell. */
export class AttemptTimeout extends Error {
  override readonly name = 'AttemptTimeout';
}

/**
 * Ends after `ms` whatever the client does: a client may overlook its signal while it looks for credentials, or has none.
 * An answer that has arrived by then counts, also when a busy event loop has not yet looked at it.
 * @param attempt given up when its signal says so
 * @throws {AttemptTimeout}
 */
export async function withinMs<T>(ms: number, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  let lastLook: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    // Timers that are late run before sockets are read: an immediate comes after them.
    lastLook = setImmediate(() => {
      reject(new AttemptTimeout());
      controller.abort();
    });
  }, ms);
  try {
    return await Promise.race([attempt(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
    clearImmediate(lastLook);
  }
}
