/** Where the board reads from: a running sandbox, or a Prometheus server of a deployed system. */

export type BoardSource =
  /** The control address of a running system: its metrics, errors and fault switches. */
  | { readonly kind: 'system'; readonly url: string }
  /** A Prometheus server that scrapes the system and judges its rules. */
  | { readonly kind: 'prometheus'; readonly url: string };

/**
 * @param environment `PROMETHEUS_URL`, or else `SYSTEM_URL`
 * @throws {Error} when neither is set or the address is not http(s), naming the variable
 */
export function readBoardSource(environment: Readonly<Record<string, string | undefined>>): BoardSource {
  const { PROMETHEUS_URL: prometheusUrl, SYSTEM_URL: systemUrl } = environment;
  if (prometheusUrl) return { kind: 'prometheus', url: readAddress('PROMETHEUS_URL', prometheusUrl) };
  if (systemUrl) return { kind: 'system', url: readAddress('SYSTEM_URL', systemUrl) };
  throw new Error(
    'set PROMETHEUS_URL (a Prometheus server) or SYSTEM_URL (a running system): the board has nothing to show',
  );
}

function readAddress(variable: string, value: string): string {
  const url = URL.parse(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`${variable} must be an http or https address, not ${value}`);
  }
  return url.href.replace(/\/$/, '');
}
