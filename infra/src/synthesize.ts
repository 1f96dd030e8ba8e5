/** Makes the cloud assembly of one stage and looks it over with cdk-nag and the list of wide permissions. */
import { globSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundles } from './bundles.ts';
import type { CommandLine } from './command-line.ts';
import { findWildcards, managedPolicies, reasonFor, wildcardReasons } from './iam-wildcards.ts';
import { nagFindings, unexplained } from './nag.ts';
import { nagExceptions } from './nag-exceptions.ts';
import { resourceNames } from './resource-names.ts';
import { readSettings } from './settings.ts';
import type { Stage } from './stage.ts';
import { createSystemApp } from './system-app.ts';
import type { Template } from './template.ts';

export const outputFolder = join(import.meta.dirname, '../dist');

/** CloudFormation's own, of one template. */
const resourcesAtMost = 500;
const templateBytesAtMost = 1024 * 1024;

export interface Assembly {
  readonly name: string;
  readonly folder: string;
  readonly stack: string;
  readonly templateFile: string;
  readonly template: Template;
  readonly resources: number;
  readonly templateBytes: number;
  readonly bundleBytes: number;
  /** One sentence each; empty when all is well. */
  readonly findings: readonly string[];
}

/** @param name of its folder below `infra/dist` */
export function synthesize(name: string, stage: Stage, context: CommandLine['context']): Assembly {
  const folder = join(outputFolder, name);
  rmSync(folder, { recursive: true, force: true });
  const settings = readSettings((key) => (key === 'stage' ? stage : context[key]));
  const { app, stack } = createSystemApp(settings, bundles, folder);
  const { stack: stackName } = resourceNames(stage);
  const { template: made, templateFullPath } = app.synth().getStackByName(stackName);
  const template = made as Template;
  const resources = Object.keys(template.Resources).length;
  const templateBytes = statSync(templateFullPath).size;
  return {
    name,
    folder,
    stack: stackName,
    templateFile: templateFullPath,
    template,
    resources,
    templateBytes,
    bundleBytes: globSync(join(folder, 'asset.*/**/*.mjs')).reduce((sum, file) => sum + statSync(file).size, 0),
    findings: [
      ...unexplained(nagFindings(stack), nagExceptions).map(
        ({ finding, path, description }) => `cdk-nag ${finding} at ${path}: ${description}`,
      ),
      ...findWildcards(template)
        .filter((wildcard) => reasonFor(wildcard, wildcardReasons) === undefined)
        .map(({ policy, actions, wide }) => `${policy} allows ${actions.join(', ')} more widely than it must: ${wide}`),
      ...managedPolicies(template).map((one) => `${one} is AWS's policy, not ours: say what is needed instead`),
      ...(resources > resourcesAtMost ? [`${resources} resources, and CloudFormation takes ${resourcesAtMost}`] : []),
      ...(templateBytes > templateBytesAtMost ? [`${templateBytes} bytes, more than CloudFormation takes`] : []),
    ],
  };
}
