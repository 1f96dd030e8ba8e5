/** Is what is stored right, complete, and what the provider meant. */
import type { DashboardDefinition } from './panel.ts';
import { deadLetters, rateByProvider, ratesPanel, totalsPanel } from './panel-forms.ts';

export const dataIntegrity: DashboardDefinition = {
  name: 'data-integrity',
  title: 'Data integrity',
  about: 'What was set aside, refused or found to differ.',
  sections: [
    {
      title: 'In the time shown',
      panels: [
        totalsPanel(['AuditDifferences', 'AddressRefused', 'ContractBroken'], {
          title: 'Must be 0',
          meaning: 'Each of these raises an alert at the first event.',
          runbook: 'alerts',
        }),
        totalsPanel(['Quarantined', 'UnknownFields', 'UnknownEnums', 'Conflicts'], {
          title: 'Worth a look',
          meaning:
            'Nothing is lost by these: records set aside, members and values that we do not know yet, lost races.',
          runbook: 'events-fail',
        }),
      ],
    },
    {
      title: 'What the providers send',
      panels: [
        rateByProvider('Quarantined', 'events-fail', 'The rest of the page is stored. The reasons are in errors.md.'),
        rateByProvider('ContractBroken', 'contract-broken'),
        rateByProvider('UnknownFields', 'contract-broken', 'A rise: the provider has extended its contract.'),
        rateByProvider('UnknownEnums', 'contract-broken', 'Kept as they came. A rise: the published list has grown.'),
      ],
    },
    {
      title: 'What is stored',
      panels: [
        deadLetters,
        ratesPanel(['Audits', 'AuditDifferences'], {
          title: 'Audits and what they found, a minute',
          meaning: 'Corrupt, missing or misplaced entries. Without an audit nothing is known.',
          runbook: 'audit-differences',
        }),
        ratesPanel(['Conflicts'], {
          title: 'Conflicts a minute',
          meaning: 'Two runs raced and one won, as it should be. Many: one connection is woken up too often.',
          runbook: 'events-fail',
        }),
      ],
    },
  ],
};
