/** Calls that we make in our own name, and in no user's: with a token of the client for each. */
import { callWithRetries } from '../../call-with-retries.ts';
import type { CallLimits } from '../../connector.ts';
import { freshConnection } from '../../consent/oauth-fetch.ts';
import { createTokenCalls, type TokenCalls } from '../../consent/token-calls.ts';
import type { RetryDeps } from '../../fetch-with-retries.ts';
import type { HttpAnswer, HttpCall } from '../../http-client.ts';
import { ProviderError } from '../../provider-error.ts';
import { classifyObukError } from '../classify-error.ts';
import type { Oauth, OauthOptions } from './oauth.ts';

export interface ClientOptions extends OauthOptions, Pick<RetryDeps, 'sleep' | 'random'> {
  readonly nowEpochMs: () => number;
  /** A fresh UUID for each attempt: `x-fapi-interaction-id`. */
  readonly newId: () => string;
}

type Call = Pick<HttpCall, 'method' | 'url' | 'body'>;

export interface ClientCalls {
  readonly tokenCalls: TokenCalls<Oauth>;
  repeatable<Result>(
    call: (oauth: Oauth, limits: CallLimits) => Promise<Result>,
    deadline: CallLimits['deadline'],
  ): Promise<Result>;
  /** @throws {ProviderError} for what is no success; a refused token of ours is `CONFIGURATION_REFUSED` */
  send(oauth: Oauth, call: Call, limits: CallLimits): Promise<HttpAnswer>;
}

const provider = 'openbanking-uk';

export function createClientCalls(options: ClientOptions): ClientCalls {
  const { http, newId, nowEpochMs, issuer } = options;
  const tokenCalls = createTokenCalls<Oauth>({
    provider,
    nowEpochMs,
    connect: (_issuer, limits) => import('./oauth.ts').then(({ connectOauth }) => connectOauth(options, limits)),
  });
  return {
    tokenCalls,
    repeatable(call, deadline) {
      const attempt = (limits: CallLimits) => tokenCalls.attempt(issuer, (oauth) => call(oauth, limits), limits);
      return callWithRetries(provider, attempt, deadline, options);
    },
    async send(oauth, call, limits) {
      const requestId = newId();
      const headers = {
        accept: 'application/json',
        authorization: `Bearer ${await oauth.clientToken(limits)}`,
        'x-fapi-interaction-id': requestId,
        ...freshConnection,
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
      };
      const answer = await http.send({ ...call, headers }, limits);
      if (answer.status < 300) return answer;
      throw ofOurAccess(classifyObukError({ ...answer, requestId }));
    },
  };
}

/** A refused client token is no state of a user's consent. */
function ofOurAccess(error: ProviderError): ProviderError {
  const isOurs = error.facts.status === 401 || error.facts.status === 403;
  return isOurs ? new ProviderError('CONFIGURATION_REFUSED', error.facts) : error;
}
