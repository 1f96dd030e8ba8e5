/** dynalite ships no types; these are the parts used here. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }
  const createDynalite: (options?: DynaliteOptions) => Server;
  // biome-ignore lint/style/noDefaultExport: that is how the package exports it
  export default createDynalite;
}
