import { describeClientProcess } from './testing/client-process.contract.ts';
import { javaClient } from './testing/java-client.ts';

await describeClientProcess(javaClient);
