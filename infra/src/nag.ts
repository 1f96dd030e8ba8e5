/** cdk-nag's AwsSolutions rules over a stack: what they find, and what of it nobody has answered for. */
import type { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { NagException } from './nag-exceptions.ts';

export interface NagFinding {
  readonly finding: string;
  /** Construct path below the stack. */
  readonly path: string;
  readonly description: string;
}

/** @param stack after `synth`, so that nothing is added to it any more */
export function nagFindings(stack: Stack): readonly NagFinding[] {
  const { violations } = new AwsSolutionsChecks().validateScope(stack);
  return violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => ({
      finding: ruleName,
      path: constructPath.slice(`${stack.node.path}/`.length),
      description,
    })),
  );
}

export function explains(exception: NagException, { finding, path }: NagFinding): boolean {
  return exception.finding === finding && exception.paths.includes(path);
}

export function unexplained(
  findings: readonly NagFinding[],
  exceptions: readonly NagException[],
): readonly NagFinding[] {
  return findings.filter((found) => !exceptions.some((exception) => explains(exception, found)));
}
