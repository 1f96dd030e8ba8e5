import { faultKinds } from '@quartersec/sandbox-providers';
import { describe, expect, it } from 'vitest';
import { faultsOfOtherStandards, kindsLeftOut, plantFaults, providerFaultKinds } from './provider-faults.ts';
import type { SystemUnderLoad } from './system-under-load.ts';

describe('providerFaultKinds', () => {
  it('are all that the simulator knows, but for those left out by name', () => {
    const ofOtherStandards = new Set(faultsOfOtherStandards.map(({ kind }) => kind));
    expect([...providerFaultKinds, ...ofOtherStandards, ...kindsLeftOut].sort()).toEqual([...faultKinds].sort());
  });
});

describe('plantFaults', () => {
  it('plants each kind on every connection, together the wanted share, and half of it again in the words of each other standard', async () => {
    const planted: { token: string; kind: string; probability: number }[] = [];
    const provider = async (_method: string, _path: string, body: unknown) => {
      planted.push(body as (typeof planted)[number]);
    };
    await plantFaults({ provider } as unknown as SystemUnderLoad, 0.05);
    expect(new Set(planted.map(({ token }) => token))).toEqual(new Set(['*']));
    const shareOf = (isOne: (kind: string) => boolean) =>
      planted.filter(({ kind }) => isOne(kind)).reduce((sum, { probability }) => sum + probability, 0);
    const own = ['obie-error', 'tpp-error'];
    expect(shareOf((kind) => !own.includes(kind))).toBeCloseTo(0.05, 10);
    for (const kind of own) expect(shareOf((one) => one === kind)).toBeCloseTo(0.025, 10);
  });
});
