export { type MetricSample, readEmf } from './emf.ts';
export { createLiveWindow, type LiveWindow, percentileOf } from './live-window.ts';
export { createMetricTotals, type MetricTotals } from './metric-totals.ts';
