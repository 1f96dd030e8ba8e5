import { expect, it } from 'vitest';
import { freshEnvironment } from './fresh-environment.ts';

it('keeps how the network is reached and nothing of what the machine has stored', () => {
  const environment = {
    PATH: '/clone/node_modules/.bin:/usr/bin:/bin',
    HOME: '/home/somebody',
    https_proxy: 'http://127.0.0.1:3128',
    NODE_EXTRA_CA_CERTS: '/etc/ssl/own.pem',
    NODE_OPTIONS: '--max-old-space-size=64',
    npm_config_cache: '/home/somebody/.npm',
    npm_config_prefer_offline: 'true',
    NX_CACHE_DIRECTORY: '/var/nx',
    CI: 'true',
    EMPTY: undefined,
  };
  expect(freshEnvironment(environment, '/fresh', 'http://127.0.0.1:4873/')).toEqual({
    PATH: '/usr/bin:/bin',
    HOME: '/fresh',
    TMPDIR: '/fresh/tmp',
    https_proxy: 'http://127.0.0.1:3128',
    NODE_EXTRA_CA_CERTS: '/etc/ssl/own.pem',
    npm_config_registry: 'http://127.0.0.1:4873/',
    npm_config_cache: '/fresh/npm-cache',
  });
});
