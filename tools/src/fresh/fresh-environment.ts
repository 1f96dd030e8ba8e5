/** What a command may see of this machine when it is to behave as on one that has just been installed. */
import { delimiter } from 'node:path';

/** How the network is reached is the machine's; everything else is left behind. */
const KEPT = /^(?:LANG|LC_\w+|(?:https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|npm_config_registry)$/i;

/**
 * @param home an empty folder: no npm, Nx or compiler cache in it, and no configuration
 * @param registry where the packages come from, since that setting may stand in a file of the real home
 */
export function freshEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
  registry: string,
): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && KEPT.test(name) ? [[name, value] as const] : [],
  );
  const path = (environment.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return {
    ...Object.fromEntries(kept),
    npm_config_registry: registry,
    npm_config_cache: `${home}/npm-cache`,
    HOME: home,
    TMPDIR: `${home}/tmp`,
    PATH: path.join(delimiter),
  };
}
