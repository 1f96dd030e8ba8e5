export { type MetricSample, readEmf } from './emf.ts';
export { createLiveWindow, type LiveWindow, percentileOf } from './live-window.ts';
