/** `npm run redrive`: moves the dead letters of the running system back to the queue that they came from. */
import { parseArgs } from 'node:util';
import { findSystem } from './running-system.ts';

const usage = `npm run redrive
  Moves every message of the dead-letter queue of the running system (npm start) back to its queue and prints how many.
  They are processed again at once: mend the cause first. Nothing is stored twice.
With DEAD_LETTER_QUEUE_ARN or QUEUE_URL set (a deployment on AWS) it moves nothing; it prints the aws command that does.
`;

const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
const { DEAD_LETTER_QUEUE_ARN: deadLetterQueueArn, QUEUE_URL: queueUrl } = process.env;

if (values.help) process.stdout.write(usage);
else if (deadLetterQueueArn || queueUrl) explainAws();
else await redrive();

/** AWS moves messages by itself and for longer than a command may take: its own command line starts that and follows it. */
function explainAws(): void {
  const arn = deadLetterQueueArn || '<ARN of the dead-letter queue>';
  const lookUp = `  aws sqs get-queue-attributes --queue-url ${queueUrl} --attribute-names RedrivePolicy   # has its ARN\n`;
  fail(
    'Nothing was moved: for queues on AWS this is done by the aws command line:\n' +
      (deadLetterQueueArn ? '' : lookUp) +
      `  aws sqs start-message-move-task --source-arn ${arn}\n` +
      `  aws sqs list-message-move-tasks --source-arn ${arn}   # how far it is\n`,
  );
}

async function redrive(): Promise<void> {
  const system = findSystem();
  if (system === undefined) return fail('no system is running here: run npm start in another terminal first\n');
  const response = await fetch(`${system.url}/redrive`, { method: 'POST' });
  const answer = (await response.json()) as { readonly moved?: number; readonly error?: string };
  if (answer.moved === undefined) return fail(`${response.status}: ${answer.error}\n`);
  process.stdout.write(`${answer.moved} ${answer.moved === 1 ? 'message' : 'messages'} moved back to the queue\n`);
}

function fail(message: string): void {
  process.stderr.write(message);
  process.exitCode = 1;
}
