import { Dax } from '@amazon-dax-sdk/client-dax';
import { CREDENTIALS, REGION } from './dynamodb.ts';

/** AWS's JavaScript client. */
export function newDaxClient(url: string): Dax {
  return new Dax({ endpoint: url, region: REGION, credentials: CREDENTIALS });
}

/** Its `destroy` exists in its types only; `shutdown` in its code only. */
export function closeDaxClient(client: Dax): void {
  (client as unknown as { shutdown(): void }).shutdown();
}
