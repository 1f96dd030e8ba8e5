export { AttemptTimeout, withinMs } from './attempt-timeout.ts';
export {
  type AwsCall,
  type AwsCallOptions,
  type AwsRefusal,
  type CredentialSource,
  createAwsCall,
  fixedCredentials,
} from './aws-call.ts';
export type { AwsCredentials } from './aws-signature.ts';
export { AwsError, type AwsErrorCode, callInTime, type RetryDeps, type TimedCall } from './call-in-time.ts';
export { type AwsService, endpointOf } from './endpoint-of.ts';
export { type AwsFailure, failureOf, reasonOf } from './failure-of.ts';
