/** Names that people and other programs use; everything else is named by CloudFormation. */
import type { Stage } from './stage.ts';

export function resourceNames(stage: Stage) {
  const prefix = `quartersec-${stage}`;
  return {
    prefix,
    stack: prefix,
    table: prefix,
    syncQueues: {
      plaid: `${prefix}-sync-plaid`,
      'openbanking-uk': `${prefix}-sync-openbanking-uk`,
      'berlin-group': `${prefix}-sync-berlin-group`,
    },
    deadLetterQueue: `${prefix}-sync-dead`,
    functions: {
      process: `${prefix}-process`,
      query: `${prefix}-query`,
      connect: `${prefix}-connect`,
      webhook: `${prefix}-webhook`,
    },
    /** A path, so that a policy or a person can name all of a stage. */
    secrets: {
      tokenKey: `quartersec/${stage}/token-key`,
      plaid: `quartersec/${stage}/plaid`,
      openBankingUk: `quartersec/${stage}/open-banking-uk`,
      berlinGroup: `quartersec/${stage}/berlin-group`,
      readTokenKey: `quartersec/${stage}/read-token-key`,
    },
    schedule: prefix,
    changeBus: `${prefix}-changes`,
    changePipe: `${prefix}-changes`,
    changeDeadLetterQueue: `${prefix}-changes-dead`,
    api: prefix,
    /** API Gateway grants itself access by a policy of limited size; groups under this prefix take no room in it. */
    apiLog: `/aws/vendedlogs/${prefix}-api`,
    dashboard: prefix,
    daxCluster: prefix, // 20 characters at most
    grafanaWorkspace: prefix,
  } as const;
}
export type ResourceNames = ReturnType<typeof resourceNames>;
