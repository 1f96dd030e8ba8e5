import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Installed once, and by far the largest part. */
const PACKAGES = 'node_modules';
/** The workspace's own packages: links into the folder that they lie in. */
const OWN_SCOPE = '@quartersec';

/**
 * What git knows of a workspace, as it lies in the working tree, in a temporary folder of its own. Installed packages are linked; the
 * workspace's own are those of the copy.
 */
export function copyWorkspace(root: string): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'quartersec-planted-'));
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', listed, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\0');
  for (const file of files) {
    if (file === '' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  mkdirSync(join(folder, PACKAGES, OWN_SCOPE), { recursive: true });
  for (const name of readdirSync(join(root, PACKAGES))) {
    if (name !== OWN_SCOPE) symlinkSync(join(root, PACKAGES, name), join(folder, PACKAGES, name));
  }
  execFileSync('cp', ['-a', join(root, PACKAGES, OWN_SCOPE), join(folder, PACKAGES)]);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
