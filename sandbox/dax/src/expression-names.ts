/** The placeholder tables of one backend request, shared by all its expressions. */
import { type AttributeValue, canonicalValue } from './attribute-value.ts';
import {
  conditionText,
  type DocumentPath,
  type Expression,
  type Placeholders,
  pathText,
  updateText,
} from './expression.ts';

const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/** The two tables of a backend request; left out when empty, because an empty one is refused. */
export interface PlaceholderTables {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/**
 * Every name gets a placeholder: it may be a reserved word or contain a dot. Unless the client says that its app wrote it without:
 * then the table sees it so, and refuses a reserved word as it would have.
 */
export class RequestPlaceholders implements Placeholders {
  readonly #namedByPlaceholder: ReadonlySet<string> | undefined;
  readonly #names = new Map<string, string>();
  readonly #values: Record<string, AttributeValue> = {};
  #valueCount = 0;

  /** @param namedByPlaceholder undefined when nobody can tell */
  constructor(namedByPlaceholder?: ReadonlySet<string>) {
    this.#namedByPlaceholder = namedByPlaceholder;
  }

  name(name: string): string {
    if (this.#namedByPlaceholder?.has(name) === false && PLAIN_NAME.test(name)) return name;
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const placeholder = `#n${this.#names.size}`;
    this.#names.set(name, placeholder);
    return placeholder;
  }

  value(value: AttributeValue): string {
    const placeholder = `:v${this.#valueCount}`;
    this.#valueCount += 1;
    this.#values[placeholder] = value;
    return placeholder;
  }

  condition(expression: Expression): string {
    return conditionText(expression, this);
  }

  update(expression: Expression): string {
    return updateText(expression, this);
  }

  projection(paths: readonly DocumentPath[]): string {
    return paths.map((path) => pathText(path, this)).join(', ');
  }

  tables(): PlaceholderTables {
    const tables: PlaceholderTables = {};
    if (this.#names.size > 0) {
      tables.ExpressionAttributeNames = Object.fromEntries([...this.#names].map(([name, key]) => [key, name]));
    }
    if (this.#valueCount > 0) tables.ExpressionAttributeValues = this.#values;
    return tables;
  }
}

const INLINE: Placeholders = { name: (name) => JSON.stringify(name), value: canonicalValue };

/** Text that is the same for the same condition, whichever client compiled it. */
export function canonicalCondition(expression: Expression): string {
  return conditionText(expression, INLINE);
}

export function canonicalPath(path: DocumentPath): string {
  return pathText(path, INLINE);
}
