/** The credentials of the function's role, in an environment that may live longer than they do. */
import type { AwsCredentials, CredentialSource } from '@quartersec/aws';
import { createRenewal } from './renewal.ts';

export interface RoleCredentialsDeps {
  /** As they are now. */
  readonly read: () => Promise<AwsCredentials>;
  readonly nowMs: () => number;
  /** They were refused, and there are no others: the next environment starts with new ones. */
  readonly endEnvironment: () => void;
}

export function createRoleCredentials(initial: AwsCredentials, deps: RoleCredentialsDeps): CredentialSource {
  const renewal = createRenewal(initial, deps);
  let ends = false;
  return {
    current: renewal.current,
    async renew() {
      const areOthers = await renewal.renew();
      if (!areOthers && !ends) {
        ends = true;
        deps.endEnvironment();
      }
      return areOthers;
    },
  };
}
