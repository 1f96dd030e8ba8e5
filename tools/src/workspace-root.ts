import { dirname } from 'node:path';

/** Absolute path of the checkout that this file stands in. */
export const workspaceRoot: string = dirname(dirname(import.meta.dirname));
