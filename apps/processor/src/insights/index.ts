/** Apart from the functions: what the data's own tools need to make the state of insights again. */
export { packDerived } from './derived.ts';
export { insightsOver } from './insights-over.ts';
export { readDerived, readWhole } from './read-derived.ts';
