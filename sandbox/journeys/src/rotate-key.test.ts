/** A running system takes a new token key: events before, while and after. */
import type { System } from '@quartersec/sandbox-system';
import { openToken } from '@quartersec/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectCleanAudit, expectTruth, postEvent, readJournal, startJourneySystem } from './journey.ts';

let system: System;
beforeAll(async () => {
  system = await startJourneySystem({ connections: 8 });
});
afterAll(() => system?.close());

it('every event succeeds, and the old key opens nothing that is in use', async () => {
  const before = system.tokenKey;
  await postEvent(system, { connectionId: 'conn-0' });
  let isRotating = true;
  const statuses: number[] = [];
  const traffic = (async () => {
    for (let event = 0; isRotating; event += 1)
      statuses.push((await postEvent(system, { connectionId: `conn-${event % 8}` })).status);
  })();
  const report = await system.rotateTokenKey();
  isRotating = false;
  await traffic;
  expect(report).toMatchObject({ connections: 8, resealed: 8, unreadable: [] });
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(system.tokenKey).toMatch(/^k[0-9a-z]+:/);
  for (let index = 0; index < 8; index += 1) {
    const connectionId = `conn-${index}`;
    expect((await postEvent(system, { connectionId })).status).toBe(200);
    const { sealedToken } = (await readJournal(system, connectionId)).head;
    expect(openToken(sealedToken, { tokenKeys: system.tokenKey, connectionId })).toBe(`access-sandbox-${index}`);
    expect(() => openToken(sealedToken, { tokenKeys: before, connectionId })).toThrow();
    await expectTruth(system, index);
  }
  await expectCleanAudit(system);
});
