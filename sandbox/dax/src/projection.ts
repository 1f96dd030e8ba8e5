/** Projections: the node keeps whole items and evaluates the paths itself; an answer gives values by place of the path. */
import { AnswerError } from './answer-error.ts';
import { type AttributeMap, type AttributeValue, attributeOf, writeAttributeValue } from './attribute-value.ts';
import type { CborWriter } from './cbor-writer.ts';
import { type DocumentPath, decodeProjection } from './expression.ts';

/**
 * Reads a projection and refuses what DynamoDB refuses, in its words: the backend, asked for whole items, cannot.
 * @throws {AnswerError} ValidationException
 */
export function readProjection(bytes: Buffer | undefined): readonly DocumentPath[] | undefined {
  if (bytes === undefined) return undefined;
  const paths = decodeProjection(bytes);
  const root: Branch = { children: new Map(), path: undefined };
  for (const path of paths) insert(root, path);
  return paths;
}

interface Branch {
  readonly children: Map<string | number, Branch>;
  path: DocumentPath | undefined;
}

function insert(root: Branch, path: DocumentPath): void {
  let branch = root;
  for (const element of path) {
    if (branch.path !== undefined) refuse('overlap', path, branch.path);
    const [sibling] = branch.children.keys();
    if (branch !== root && sibling !== undefined && typeof sibling !== typeof element) {
      refuse('conflict', path, firstPath(branch));
    }
    let next = branch.children.get(element);
    if (next === undefined) {
      next = { children: new Map(), path: undefined };
      branch.children.set(element, next);
    }
    branch = next;
  }
  if (branch.path !== undefined || branch.children.size > 0) refuse('overlap', path, firstPath(branch));
  branch.path = path;
}

function firstPath(branch: Branch): DocumentPath {
  let at = branch;
  while (at.path === undefined) at = at.children.values().next().value as Branch;
  return at.path;
}

function refuse(how: 'overlap' | 'conflict', path: DocumentPath, earlier: DocumentPath): never {
  const show = (shown: DocumentPath) =>
    `[${shown.map((element) => (typeof element === 'number' ? `[${element}]` : element)).join(', ')}]`;
  throw new AnswerError(
    'ValidationException',
    `Invalid ProjectionExpression: Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${show(earlier)}, path two: ${show(path)}`,
  );
}

export function valueAt(item: AttributeMap, path: DocumentPath): AttributeValue | undefined {
  let value = attributeOf(item, path[0] as string);
  for (let index = 1; value !== undefined && index < path.length; index += 1) {
    const element = path[index] as string | number;
    if (typeof element === 'number') value = 'L' in value ? value.L[element] : undefined;
    else value = 'M' in value ? attributeOf(value.M, element) : undefined;
  }
  return value;
}

/** Map from place in the projection to value; paths that lead nowhere are left out. */
export function writeProjected(writer: CborWriter, item: AttributeMap, paths: readonly DocumentPath[]): void {
  const found = paths
    .map((path, ordinal) => ({ ordinal, value: valueAt(item, path) }))
    .filter((at) => at.value !== undefined);
  writer.mapHeader(found.length);
  for (const { ordinal, value } of found) {
    writer.integer(ordinal);
    writeAttributeValue(writer, value as AttributeValue);
  }
}

/**
 * What to ask the backend for in a query: paths up to their first list index. It returns lists compacted, so that a
 * place in them would mean something else.
 */
export function fetchedPaths(paths: readonly DocumentPath[]): DocumentPath[] {
  const distinct = new Map<string, DocumentPath>();
  for (const path of paths) {
    const index = path.findIndex((element) => typeof element === 'number');
    const prefix = index < 0 ? path : path.slice(0, index);
    distinct.set(JSON.stringify(prefix), prefix);
  }
  return [...distinct.values()];
}
