import { describe, expect, it } from 'vitest';
import { alertGroups, underCauses } from './alert-groups.ts';
import type { AlertEntry } from './snapshot.ts';

const entry = (name: string, more: Partial<AlertEntry> = {}): AlertEntry => ({
  path: 'live',
  name,
  severity: 'critical',
  title: name,
  whatToDo: '',
  status: 'firing',
  firedEpochMs: 0,
  shownEpochMs: 0,
  ...more,
});
const underOf = (entries: readonly AlertEntry[]) => underCauses(entries).map(({ name, under }) => [name, under]);
const groupsOf = (entries: readonly AlertEntry[]) =>
  alertGroups(underCauses(entries)).map(({ lead, follow }) => [
    lead.first.name,
    lead.copies.map(({ path }) => path),
    follow.map(({ first, copies }) => `${first.name}${copies.map(({ path }) => ` +${path}`).join('')}`),
  ]);

describe('underCauses', () => {
  it('puts what follows under its cause, through all steps, and leaves causes alone', () => {
    const names = ['AvailabilityFastBurn', 'AvailabilitySlowBurn', 'BacklogOld', 'ProviderFailing', 'DeadLettered'];
    expect(underOf(names.map((name) => entry(name)))).toEqual([
      ['AvailabilityFastBurn', 'ProviderFailing'],
      ['AvailabilitySlowBurn', 'ProviderFailing'],
      ['BacklogOld', 'ProviderFailing'],
      ['ProviderFailing', undefined],
      ['DeadLettered', undefined],
    ]);
  });

  it('leaves it alone once the cause has ended, and what has ended itself', () => {
    const over = { status: 'resolved', resolvedEpochMs: 1 } as const;
    expect(underOf([entry('StoreSlow'), entry('ProviderFailing', over)])).toEqual([
      ['StoreSlow', undefined],
      ['ProviderFailing', undefined],
    ]);
    expect(underOf([entry('ProviderFailing'), entry('StoreSlow', over)])[1]).toEqual(['StoreSlow', undefined]);
  });

  it('knows nothing of alerts that are not ours', () => {
    expect(underOf([entry('Theirs'), entry('ProviderFailing')])[0]).toEqual(['Theirs', undefined]);
  });
});

describe('alertGroups', () => {
  it('is one group for one outage, also where several paths report it', () => {
    const entries = [
      entry('RetriesExhausted'),
      entry('ProviderFailing'),
      entry('ProviderFailing', { path: 'prometheus' }),
      entry('ErrorsFastBurn', { path: 'prometheus' }),
      entry('RetriesExhausted', { path: 'prometheus' }),
    ];
    expect(groupsOf(entries)).toEqual([
      ['ProviderFailing', ['prometheus'], ['RetriesExhausted +prometheus', 'ErrorsFastBurn']],
    ]);
  });

  it('keeps apart what has causes of its own', () => {
    expect(groupsOf([entry('QueryErrors'), entry('ErrorsFastBurn')])).toEqual([
      ['QueryErrors', [], []],
      ['ErrorsFastBurn', [], []],
    ]);
    expect(groupsOf([entry('Over', { status: 'resolved' })])).toEqual([]);
  });
});
