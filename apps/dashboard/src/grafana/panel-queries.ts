/** What the queries of both data sources share. */
import { type DashboardDefinition, panelsOf } from './panel.ts';

/** Of a panel's queries: A, B ... */
export function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

export function asksByProvider(dashboard: DashboardDefinition): boolean {
  return panelsOf(dashboard).some(({ kind }) => kind === 'provider-lines');
}
