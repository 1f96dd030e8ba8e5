export type * from './canonical.ts';
