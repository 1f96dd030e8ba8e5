/** Where a service is reached: AWS's partitions and variables, FIPS and dual stack. */
import { partition } from '@aws-sdk/util-endpoints';

type Variables = Readonly<Record<string, string | undefined>>;

export type AwsService = 'dynamodb' | 'sqs' | 'secretsmanager';

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
const variableOf = {
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  secretsmanager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
} as const satisfies Record<AwsService, string>;

/** In these partitions its plain names answer over IPv6 as well. */
const dualStackSecrets: ReadonlySet<string> = new Set(['aws', 'aws-cn', 'aws-us-gov']);

const isOn = (variable: string | undefined) => variable?.toLowerCase() === 'true';

/**
 * The rule that the SDK's clients apply; a test holds it to theirs.
 * @param variables `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` (unless `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`),
 *   `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`
 * @throws {TypeError} for a variable that is no URL
 */
export function endpointOf(service: AwsService, region: string, variables: Variables): URL {
  const configured = isOn(variables.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)
    ? undefined
    : variables[variableOf[service]] || variables.AWS_ENDPOINT_URL;
  if (configured) return new URL(configured);
  const { name, dnsSuffix, dualStackDnsSuffix } = partition(region);
  const [isFips, isDual] = [isOn(variables.AWS_USE_FIPS_ENDPOINT), isOn(variables.AWS_USE_DUALSTACK_ENDPOINT)];
  const isPlain = service === 'secretsmanager' && dualStackSecrets.has(name) && !(isFips && name === 'aws-cn');
  // In GovCloud these two have no other names: the plain ones are FIPS.
  const isFipsAnyway = name === 'aws-us-gov' && service !== 'secretsmanager' && !isDual;
  const prefix = isFips && !isFipsAnyway ? `${service}-fips` : service;
  return new URL(`https://${prefix}.${region}.${isDual && !isPlain ? dualStackDnsSuffix : dnsSuffix}`);
}
