/** The DAX node as a child process. */
import { type DaxNodeOptions, startDaxNode } from '@quartersec/sandbox-dax/source';
import { announceReady, readSettings } from './child-service.ts';

const node = await startDaxNode({ ...readSettings<DaxNodeOptions>(), metricsPort: 0 });
announceReady({ url: node.url, port: node.port, metricsUrl: node.metricsUrl }, () => node.close());
