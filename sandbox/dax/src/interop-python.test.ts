import { describeClientProcess } from './testing/client-process.contract.ts';
import { pythonClient } from './testing/python-client.ts';

await describeClientProcess(pythonClient);
