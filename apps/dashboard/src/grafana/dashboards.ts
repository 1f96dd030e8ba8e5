/** The dashboards, in the order in which one looks at them. */
import { criticalErrors } from './critical-errors.ts';
import { dataIntegrity } from './data-integrity.ts';
import type { DashboardDefinition } from './panel.ts';
import { providers } from './providers.ts';
import { slaOverview } from './sla-overview.ts';

export const dashboards: readonly DashboardDefinition[] = [slaOverview, providers, dataIntegrity, criticalErrors];
