import { declaredDependencies } from './declared-dependencies.ts';
import { focusedTests } from './focused-tests.ts';
import { importDirections } from './import-directions.ts';
import { lockHosts, machinePaths } from './machine-paths.ts';
import { packageManifests } from './package-manifests.ts';
import { purity } from './purity.ts';
import { slaLiterals } from './sla-literals.ts';
import { unitSuffixes } from './unit-suffixes.ts';
import type { Check } from './workspace.ts';

/** In the order in which they are reported. */
export const ALL_CHECKS: readonly Check[] = [
  importDirections,
  declaredDependencies,
  purity,
  slaLiterals,
  unitSuffixes,
  focusedTests,
  machinePaths,
  lockHosts,
  packageManifests,
];
