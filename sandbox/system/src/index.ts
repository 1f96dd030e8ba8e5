export { buildBundles } from './build-bundles.ts';
export type { CacheNode } from './cache-node.ts';
export { type CacheStand, startCacheStand, type Way } from './cache-stand.ts';
export { type SandboxConnection, sandboxConnections } from './connections.ts';
export { queueNames, region, type System, type SystemOptions, startSystem } from './system.ts';
export { sendEvent } from './traffic.ts';
