/** The one way in which the functions of the API verify tokens, joined with the network. */
import { createHttpOrigin, sendForText } from '@quartersec/http';
import { createJwks, type FetchText } from './jwks.ts';
import type { TokenSettings } from './token-settings.ts';
import { type Authorise, createTokenVerifier } from './token-verifier.ts';

/** Large issuers have a dozen keys of 2 KB. */
const keySetBytes = 256 * 1024;

export function composeAuthorise(
  settings: TokenSettings,
  clock: { readonly nowMs: () => number; readonly nowEpochMs: () => number },
): Authorise {
  const { keys } = settings;
  if (keys.kind === 'secret') return createTokenVerifier(keys, settings, clock.nowEpochMs);
  const jwks = createJwks({ fetchText: fetchFrom(keys.url), nowMs: clock.nowMs });
  return createTokenVerifier({ kind: 'jwks', jwks, algorithms: keys.algorithms }, settings, clock.nowEpochMs);
}

function fetchFrom(url: URL): FetchText {
  const origin = createHttpOrigin({ url });
  const request = {
    method: 'GET',
    path: `${url.pathname}${url.search}`,
    headers: { accept: 'application/json' },
  } as const;
  return async (withinMs) => {
    const { status, text } = await sendForText(origin, request, keySetBytes, AbortSignal.timeout(Math.ceil(withinMs)));
    if (status !== 200) throw new Error(`status ${status}`);
    return text;
  };
}
