/** The stages, with and without DAX, synthesized once for all tests of a file. */
import { existsSync } from 'node:fs';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { bundles } from '../bundles.ts';
import { resourceNames } from '../resource-names.ts';
import { type ContextKey, readSettings } from '../settings.ts';
import { type Stage, stages } from '../stage.ts';
import { createSystemApp } from '../system-app.ts';
import type { SystemStack } from '../system-stack.ts';
import { type Resource, resourcesOf, type Template } from '../template.ts';

export interface Variant {
  readonly name: string;
  readonly stage: Stage;
  readonly dax: boolean;
  readonly stack: SystemStack;
  readonly template: Template;
  readonly artifact: CloudFormationStackArtifact;
}

export function synthesizeVariant(stage: Stage, context: Partial<Record<ContextKey, string>> = {}): Variant {
  if (!existsSync(`${bundles.process}/index.mjs`)) throw new Error('no bundles: run "npm run build" first');
  const settings = readSettings((key) => (key === 'stage' ? stage : context[key]));
  const { app, stack } = createSystemApp(settings, bundles);
  const artifact = app.synth().getStackByName(resourceNames(stage).stack);
  const { dax } = settings;
  return { name: dax ? `${stage} with DAX` : stage, stage, dax, stack, template: artifact.template, artifact };
}

export const variants: readonly Variant[] = stages.flatMap((stage) => [
  synthesizeVariant(stage),
  synthesizeVariant(stage, { dax: 'true' }),
]);

export function templateOf(stage: Stage, dax: boolean): Template {
  return (variants.find((variant) => variant.stage === stage && variant.dax === dax) as Variant).template;
}

/** @throws {Error} unless there is exactly one whose logical id begins so */
export function only(template: Template, type: string, idStart = ''): Resource {
  const found = resourcesOf(template, type).filter(([id]) => id.startsWith(idStart));
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${idStart}`);
  return first[1];
}
