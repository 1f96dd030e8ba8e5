/** The CDK app: one stack, its checks included, in memory until `synth` is called. */
import { App } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { resourceNames } from './resource-names.ts';
import type { Settings } from './settings.ts';
import { type Bundles, SystemStack } from './system-stack.ts';

export interface SystemApp {
  readonly app: App;
  readonly stack: SystemStack;
}

/** @param outdir folder of the cloud assembly; a temporary one when not given */
export function createSystemApp(settings: Settings, bundles: Bundles, outdir?: string): SystemApp {
  const app = new App({
    context: { ...flags, 'aws:cdk:disable-stack-trace': true },
    analyticsReporting: false,
    treeMetadata: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  const { stack: stackName } = resourceNames(settings.stage);
  const stack = new SystemStack(app, stackName, {
    settings,
    bundles,
    terminationProtection: settings.stage === 'prod',
    description: 'quartersec: bank data in, insights out, in under a quarter of a second',
  });
  return { app, stack };
}
