/** For simulations of the whole system: the functions over ports. */
export { ProcessorError } from '../processor-error.ts';
export * from './simulated-functions.ts';
