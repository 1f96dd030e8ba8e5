/** One call with the connection's access; made once more with another token where the bank refuses this one (401). */
import { ProviderError } from '@quartersec/providers';
import type { Run } from './pipeline-run.ts';

const unauthorised = 401;

export async function withAccess<Result>(
  { head, deadline, deps }: Pick<Run, 'head' | 'deadline' | 'deps'>,
  call: (accessToken: string) => Promise<Result>,
): Promise<Result> {
  const accessToken = await deps.openToken(head, deadline);
  try {
    return await call(accessToken);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.facts.status !== unauthorised) throw error;
    const another = await deps.openToken(head, deadline, accessToken);
    if (another === accessToken) throw error;
    return await call(another);
  }
}
