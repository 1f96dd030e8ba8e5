/**
 * Reads CloudWatch's embedded metric format (EMF) from a line of a function's log.
 * Source: "Specification: embedded metric format", Amazon CloudWatch user guide.
 */

export interface MetricSample {
  readonly namespace: string;
  readonly name: string;
  /** CloudWatch unit, e.g. `Milliseconds`, `Count`; `None` where the line gives none. */
  readonly unit: string;
  /** One number, or several of the same metric. */
  readonly values: readonly number[];
  /** The fullest dimension set of the directive, with its values: the others are roll-ups of it. */
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
}

/** @returns the samples of an EMF line; none for any other line, as CloudWatch leaves such lines to the log */
export function readEmf(line: string): readonly MetricSample[] {
  // Most lines of a log are something else: parsing them all would cost more than reading the metrics.
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const members = parseObject(line);
  const directives = (members?._aws as { CloudWatchMetrics?: unknown } | undefined)?.CloudWatchMetrics;
  if (members === undefined || !Array.isArray(directives)) return [];
  return directives.filter(isDirective).flatMap((directive) => samplesOf(directive, members));
}

function samplesOf(directive: Directive, members: Readonly<Record<string, unknown>>): MetricSample[] {
  const names = directive.Dimensions.reduce((fullest, set) => (set.length > fullest.length ? set : fullest), []);
  const dimensions = Object.fromEntries(names.map((name) => [name, String(members[name] ?? '')]));
  return directive.Metrics.flatMap(({ Name, Unit }) => {
    const found = members[Name];
    const values = (Array.isArray(found) ? found : [found]).filter((value) => typeof value === 'number');
    if (values.length === 0) return [];
    return [{ namespace: directive.Namespace, name: Name, unit: Unit ?? 'None', values, dimensions }];
  });
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // a log line that only looks like EMF
  }
}

function isDirective(value: unknown): value is Directive {
  const { Namespace, Dimensions, Metrics } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof Namespace === 'string' &&
    Array.isArray(Dimensions) &&
    Dimensions.every(Array.isArray) &&
    Array.isArray(Metrics) &&
    Metrics.every((metric) => typeof metric?.Name === 'string')
  );
}
