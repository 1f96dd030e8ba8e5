import { describe, expect, it } from 'vitest';
import { repeatable } from './bill-of-materials.ts';

const component = { name: 'got', version: '16.1.0', purl: 'pkg:npm/got@16.1.0' };
const bom = (changes: object = {}) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: 'urn:uuid:1',
    metadata: { timestamp: '2026-11-23T07:30:20.110Z', component: { 'bom-ref': 'a@1', name: 'folder' } },
    components: [component],
    ...changes,
  });

describe('repeatable', () => {
  it('is the same on another day in another folder', () => {
    const later = bom({
      serialNumber: 'urn:uuid:2',
      metadata: { timestamp: '2027-01-01T00:00:00.000Z', component: { 'bom-ref': 'a@1', name: 'elsewhere' } },
    });
    expect(repeatable(later, 'a').text).toBe(repeatable(bom(), 'a').text);
  });

  it('keeps format, project and components', () => {
    const { text, components } = repeatable(bom(), 'a');
    expect(components).toBe(1);
    expect(JSON.parse(text)).toEqual({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      metadata: { component: { 'bom-ref': 'a@1', name: 'a' } },
      components: [component],
    });
  });

  it.each([
    ['another format', bom({ bomFormat: 'SPDX' }), 'no CycloneDX components'],
    ['no components', bom({ components: [] }), 'no CycloneDX components'],
    ['a component without version', bom({ components: [{ name: 'got', purl: 'pkg:npm/got' }] }), 'without name'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => repeatable(text, 'a')).toThrow(message);
  });
});
