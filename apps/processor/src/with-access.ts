/** One call with the connection's access, made again with another token where the bank refuses this one (401). */
import { ProviderError } from '@quartersec/providers';
import type { Run } from './pipeline-run.ts';

const unauthorised = 401;
/** What this environment knew, what another one had stored, what is renewed now: the first two may have ended at the bank. */
const tokensAtMost = 3;

export async function withAccess<Result>(
  { head, deadline, deps }: Pick<Run, 'head' | 'deadline'> & { readonly deps: Pick<Run['deps'], 'openToken'> },
  call: (accessToken: string) => Promise<Result>,
): Promise<Result> {
  let accessToken = await deps.openToken(head, deadline);
  for (let tokens = 1; ; tokens += 1) {
    try {
      return await call(accessToken);
    } catch (error) {
      const isRefused = error instanceof ProviderError && isOfToken(error);
      if (!isRefused || tokens === tokensAtMost) throw error;
      const another = await deps.openToken(head, deadline, accessToken);
      if (another === accessToken) throw error;
      accessToken = another;
    }
  }
}

/** Another token mends none of a consent that has ended: of those codes of the Berlin Group that come with the same status. */
const ofConsent: ReadonlySet<string | undefined> = new Set(['CONSENT_EXPIRED', 'CONSENT_INVALID']);

function isOfToken({ facts: { status, providerCode } }: ProviderError): boolean {
  return status === unauthorised && !ofConsent.has(providerCode);
}
