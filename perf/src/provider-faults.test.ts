import { faultKinds } from '@quartersec/sandbox-providers';
import { describe, expect, it } from 'vitest';
import { kindsLeftOut, plantFaults, providerFaultKinds } from './provider-faults.ts';
import type { SystemUnderLoad } from './system-under-load.ts';

describe('providerFaultKinds', () => {
  it('are all that the simulator knows, but for those left out by name', () => {
    expect([...providerFaultKinds, ...kindsLeftOut].sort()).toEqual([...faultKinds].sort());
  });
});

describe('plantFaults', () => {
  it('plants each kind on every connection, together the wanted share', async () => {
    const planted: { token: string; probability: number }[] = [];
    const provider = async (_method: string, _path: string, body: unknown) => {
      planted.push(body as (typeof planted)[number]);
    };
    await plantFaults({ provider } as unknown as SystemUnderLoad, 0.05);
    expect(planted).toHaveLength(providerFaultKinds.length);
    expect(new Set(planted.map(({ token }) => token))).toEqual(new Set(['*']));
    expect(planted.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(0.05, 10);
  });
});
