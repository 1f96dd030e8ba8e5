/** The provider simulator as a child process. */
import { type ProvidersOptions, startProviders } from '@quartersec/sandbox-providers';
import { announceReady, readSettings } from './child-service.ts';

const providers = await startProviders(readSettings<ProvidersOptions>());
announceReady({ url: providers.url, controlUrl: providers.controlUrl }, () => providers.close());
