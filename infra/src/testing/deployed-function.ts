/** A function as it is deployed: its files and the variables that it would find. */
import { join } from 'node:path';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import type { Template } from '../template.ts';
import { only } from './variants.ts';

export interface DeployedFunction {
  /** The asset that is uploaded. */
  readonly directory: string;
  /** What only CloudFormation knows stands as its expression, but for what a function takes apart itself. */
  readonly variables: Readonly<Record<string, string>>;
}

interface FunctionProperties {
  readonly Code: { readonly S3Key: string };
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
}

export function deployedFunction(artifact: CloudFormationStackArtifact, idStart: string): DeployedFunction {
  const template = artifact.template as Template;
  const { Code, Environment } = only(template, 'AWS::Lambda::Function', idStart)
    .Properties as unknown as FunctionProperties;
  const variables = Object.entries(Environment.Variables).map(([name, value]) => {
    if (name === 'DAX_ENDPOINT') return [name, 'daxs://quartersec.abc.dax-clusters.eu-west-1.amazonaws.com'];
    if (name === 'QUEUE_URLS') return [name, joined(value)];
    return [name, typeof value === 'string' ? value : JSON.stringify(value)];
  });
  const asset = `asset.${Code.S3Key.replace(/\.zip$/, '')}`;
  return { directory: join(artifact.assembly.directory, asset), variables: Object.fromEntries(variables) };
}

/** What CloudFormation joins, with an address for each queue that it makes. */
function joined(value: unknown): string {
  const [separator, parts] = (value as { readonly 'Fn::Join': readonly [string, readonly unknown[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : 'https://sqs.example/1/queue')).join(separator);
}
