import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlantedWaste, plantWaste } from './planted-waste.ts';

let folder: string;
let waste: PlantedWaste;
let handler: (event: object) => Promise<unknown>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quartersec-waste-'));
  mkdirSync(join(folder, 'bundle'));
  writeFileSync(
    join(folder, 'bundle', 'index.mjs'),
    'export const handler = async (event, context) => [event, context];',
  );
  waste = plantWaste(join(folder, 'bundle'), folder);
  ({ handler } = (await import(pathToFileURL(join(waste.bundle, 'index.mjs')).href)) as { handler: typeof handler });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cpuMsOfACall = async () => {
  const before = process.cpuUsage();
  const answer = await handler({ connectionId: 'c' });
  const { user, system } = process.cpuUsage(before);
  return { answer, cpuMs: (user + system) / 1_000 };
};

describe('a bundle with planted waste', () => {
  it('burns what was set on each call, and answers as before', async () => {
    await waste.set(300);
    const { answer, cpuMs } = await cpuMsOfACall();
    expect(cpuMs).toBeGreaterThanOrEqual(300);
    expect(answer).toEqual([{ connectionId: 'c' }, undefined]);
  });

  it('burns nothing once that is taken back', async () => {
    await waste.set(0);
    expect((await cpuMsOfACall()).cpuMs).toBeLessThan(300);
  });
});
