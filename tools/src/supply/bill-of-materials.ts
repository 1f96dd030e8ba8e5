/** npm's CycloneDX bill of materials, made repeatable: the same lock file gives the same text. Pure. */

interface Bom {
  readonly bomFormat?: string;
  readonly components?: readonly { readonly name?: string; readonly version?: string; readonly purl?: string }[];
  readonly metadata?: { readonly component?: object; readonly timestamp?: string };
  readonly serialNumber?: string;
}

export interface BillOfMaterials {
  readonly text: string;
  readonly components: number;
}

/**
 * Takes out what differs from run to run (time, serial number: both optional in CycloneDX) and from folder to folder
 * (npm names the project after the folder that it stands in).
 * @param text what `npm sbom --sbom-format cyclonedx` prints
 * @throws {Error} when it is not a CycloneDX document with named components
 */
export function repeatable(text: string, projectName: string): BillOfMaterials {
  const { serialNumber: _serial, metadata = {}, ...bom } = JSON.parse(text) as Bom;
  const { timestamp: _time, component, ...described } = metadata;
  const components = bom.components ?? [];
  if (bom.bomFormat !== 'CycloneDX' || components.length === 0) throw new Error('npm gave no CycloneDX components');
  const nameless = components.filter(({ name, version, purl }) => !name || !version || !purl);
  if (nameless.length > 0) throw new Error(`without name, version or address: ${JSON.stringify(nameless[0])}`);
  const metadataKept = { ...described, component: { ...component, name: projectName } };
  return {
    text: `${JSON.stringify({ ...bom, metadata: metadataKept }, null, 2)}\n`,
    components: components.length,
  };
}
