/** @param value `undefined` takes the member away. @returns JSON text */
export function setMember(json: string, name: string, value: unknown): string {
  return JSON.stringify({ ...(JSON.parse(json) as Record<string, unknown>), [name]: value });
}
