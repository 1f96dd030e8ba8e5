/** `npm run redrive`: moves the dead letters of the running system back to the queue that they came from. */
import { CommandError, runCommand } from '@quartersec/command-line';
import { findSystem } from './running-system.ts';

const usage = `npm run redrive
  Moves every message of the dead-letter queue of the running system (npm start) back to its queue and prints how many.
  They are processed again at once: mend the cause first. Nothing is stored twice.
With DEAD_LETTER_QUEUE_ARN or QUEUE_URL set (a deployment on AWS) it moves nothing; it prints the aws command that does.
`;

const { DEAD_LETTER_QUEUE_ARN: deadLetterQueueArn, QUEUE_URL: queueUrl } = process.env;

await runCommand({ name: 'redrive', usage, options: {} }, () =>
  deadLetterQueueArn || queueUrl ? explainAws() : redrive(),
);

/** AWS moves messages by itself and for longer than a command may take: its own command line starts that and follows it. */
function explainAws(): void {
  const arn = deadLetterQueueArn || '<ARN of the dead-letter queue>';
  const lookUp = `  aws sqs get-queue-attributes --queue-url ${queueUrl} --attribute-names RedrivePolicy   # has its ARN\n`;
  process.exitCode = 1;
  process.stderr.write(
    'Nothing was moved: for queues on AWS this is done by the aws command line:\n' +
      (deadLetterQueueArn ? '' : lookUp) +
      `  aws sqs start-message-move-task --source-arn ${arn}\n` +
      `  aws sqs list-message-move-tasks --source-arn ${arn}   # how far it is\n`,
  );
}

async function redrive(): Promise<void> {
  const system = await findSystem();
  if (system === undefined)
    throw new CommandError('FAILED', 'no system is running here: run npm start in another terminal first');
  const response = await fetch(`${system.url}/redrive`, { method: 'POST' });
  const answer = (await response.json()) as { readonly moved?: number; readonly error?: string };
  if (answer.moved === undefined) throw new CommandError('FAILED', `${response.status}: ${answer.error}`);
  process.stdout.write(`${answer.moved} ${answer.moved === 1 ? 'message' : 'messages'} moved back to the queue\n`);
}
