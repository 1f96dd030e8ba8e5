/** dynalite ships no types; these are the parts used here. Found through `paths` in tsconfig.base.json. */
import type { Server } from 'node:http';

interface DynaliteOptions {
  readonly createTableMs?: number;
  readonly deleteTableMs?: number;
  readonly updateTableMs?: number;
}

declare const dynalite: (options?: DynaliteOptions) => Server;
// biome-ignore lint/style/noDefaultExport: that is how the package exports it
export default dynalite;
