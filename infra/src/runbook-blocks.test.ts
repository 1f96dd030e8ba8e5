import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsBlocks, untriedCommands } from './runbook-blocks.ts';

const page = `# Page

\`\`\`sh
aws sqs list-queues
\`\`\`

1. In a list:

   \`\`\`sh
   for NODE in $(aws dax describe-clusters); do
     echo "$NODE"
   done
   \`\`\`

\`\`\`sh
npm run audit
\`\`\`

\`\`\`json
{ "aws ": 1 }
\`\`\`

Or \`aws lambda list-functions --max-items 1\`, once \`aws --version\` is 2; \`aws logs\` has more.
`;

describe('awsBlocks', () => {
  it('takes the shell blocks that call the CLI, without the indent of a list', () => {
    expect(awsBlocks(page)).toEqual([
      { line: 4, script: 'aws sqs list-queues\n' },
      { line: 10, script: 'for NODE in $(aws dax describe-clusters); do\n  echo "$NODE"\ndone\n' },
    ]);
  });
});

describe('untriedCommands', () => {
  it('finds what stands in the running text and could be wrong', () => {
    expect(untriedCommands(page)).toEqual(['aws lambda list-functions --max-items 1']);
  });
});

it('has every command of docs/operate.md in a block, where it is tried', () => {
  const operate = readFileSync(join(import.meta.dirname, '../../docs/operate.md'), 'utf8');
  expect(untriedCommands(operate)).toEqual([]);
  expect(awsBlocks(operate).length).toBeGreaterThan(8);
});
