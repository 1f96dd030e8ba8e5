/** `npm run dashboards`: what was asked for. Pure. */
import { type Command, CommandError, readArguments } from '@quartersec/command-line';

export interface RenderOptions {
  /** `host:port` that serves the metrics under `/metrics`. */
  readonly target: string;
  readonly boardUrl: string;
  /** As `runbookLink` of libs/sla takes it. */
  readonly runbookUrl: string;
  /** Grafana as a browser reaches it. */
  readonly grafanaUrl?: string;
  /** `host:port` */
  readonly alertmanager: string;
  readonly prometheusUrl: string;
  /** Of CloudWatch. */
  readonly region: string;
  /** In place of the usual folder. */
  readonly out?: string;
}

const defaults = {
  target: '127.0.0.1:8401',
  board: 'http://127.0.0.1:8400',
  alertmanager: '127.0.0.1:9093',
  prometheus: 'http://127.0.0.1:9090',
  region: 'us-east-1',
} as const;

export const usage = `npm run dashboards -- [options]
Renders the promise of libs/sla into apps/dashboard/dist/: Grafana dashboards for Prometheus and for CloudWatch, Grafana alert rules
and provisioning, Prometheus' configuration and rules, Alertmanager's configuration. Then checks them: every metric is in the
catalogue, promtool and amtool find no fault.

  --target HOST:PORT        serves the metrics under /metrics (default ${defaults.target})
  --board URL               the SLA board, which is told of alerts (default ${defaults.board})
  --docs URL                web address of docs/, whose troubleshooting.md every panel and alert links (default: the variable
                            DOCS_URL; without it the board, which has a page for each runbook)
  --runbooks URL            page with the runbooks, where it lies elsewhere: its headings are the anchors
  --grafana URL             as a browser reaches it: alerts link their dashboard there (default: they link the board)
  --alertmanager HOST:PORT  (default ${defaults.alertmanager})
  --prometheus URL          as Grafana reaches it (default ${defaults.prometheus})
  --region NAME             of CloudWatch (default ${defaults.region})
  --out FOLDER              in place of apps/dashboard/dist; grafana/, prometheus/ and alertmanager/ in it are replaced
  --help                    this text

Exit code 0 when all is written and nothing is wrong; 1 otherwise. A tool that is missing leaves its check out, with CI=true it is
a failure.
`;

export const command = {
  name: 'dashboards',
  usage,
  options: {
    target: { type: 'string', default: defaults.target },
    board: { type: 'string', default: defaults.board },
    docs: { type: 'string' },
    runbooks: { type: 'string' },
    grafana: { type: 'string' },
    alertmanager: { type: 'string', default: defaults.alertmanager },
    prometheus: { type: 'string', default: defaults.prometheus },
    region: { type: 'string', default: defaults.region },
    out: { type: 'string' },
  },
} as const satisfies Command;

function hostAndPort(option: string, value: string): string {
  const port = Number(/^[^/:\s]+:(\d{1,5})$/.exec(value)?.[1] ?? Number.NaN);
  if (port >= 1 && port <= 65_535) return value;
  throw new CommandError('USAGE', `--${option} takes host:port, as 127.0.0.1:8401, not ${value}`);
}

function webAddress(option: string, value: string): string {
  if (['http:', 'https:'].includes(URL.parse(value)?.protocol ?? '')) return value;
  throw new CommandError('USAGE', `${option} takes an http or https address, not ${value}`);
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

/** Rendered files are read elsewhere, where a path in this repository leads nowhere: always a web address. */
function runbookUrlOf(given: { readonly runbooks?: string; readonly docs?: string }, docsUrl = '', boardUrl: string) {
  if (given.runbooks !== undefined) return webAddress('--runbooks', given.runbooks);
  const docs = given.docs !== undefined ? webAddress('--docs', given.docs) : docsUrl && webAddress('DOCS_URL', docsUrl);
  return docs === '' ? `${withoutSlash(boardUrl)}/runbook/` : `${withoutSlash(docs)}/troubleshooting.md`;
}

/**
 * @param environment of the process: DOCS_URL
 * @returns `undefined` for --help
 * @throws {CommandError} saying what to write instead
 */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): RenderOptions | undefined {
  const { values } = readArguments(command, args);
  if (values.help) return undefined;
  const boardUrl = webAddress('--board', values.board);
  return {
    target: hostAndPort('target', values.target),
    boardUrl,
    runbookUrl: runbookUrlOf(values, environment.DOCS_URL, boardUrl),
    ...(values.grafana !== undefined && { grafanaUrl: webAddress('--grafana', values.grafana) }),
    alertmanager: hostAndPort('alertmanager', values.alertmanager),
    prometheusUrl: webAddress('--prometheus', values.prometheus),
    region: values.region,
    ...(values.out !== undefined && { out: values.out }),
  };
}
