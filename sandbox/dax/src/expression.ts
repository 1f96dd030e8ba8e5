/**
 * Expressions as clients send them: parsed already, real names, values by index. Here they become a tree, and the tree
 * becomes text: for the backend with placeholders, for the query cache with the values in place.
 */
import { AnswerError } from './answer-error.ts';
import { type AttributeValue, readAttributeValue } from './attribute-value.ts';
import { CborReader, MAJOR_TAG } from './cbor-reader.ts';
import { malformed } from './dax-node-error.ts';

/** Attribute or map key as text, place in a list as number; the first element is a name. */
export type DocumentPath = readonly (string | number)[];

export type ExpressionNode =
  | { readonly kind: 'path'; readonly path: DocumentPath }
  | { readonly kind: 'value'; readonly index: number }
  | { readonly kind: 'list'; readonly members: readonly ExpressionNode[] }
  | { readonly kind: 'call'; readonly opcode: number; readonly operands: readonly ExpressionNode[] };

export interface Expression {
  /** One node of a condition; the actions of an update; the paths of a projection. */
  readonly roots: readonly ExpressionNode[];
  readonly values: readonly AttributeValue[];
}

/** Where names and values of a text go. */
export interface Placeholders {
  name(name: string): string;
  value(value: AttributeValue): string;
}

const FORMAT_VERSION = 1;
const OP_AND = 6;
const OP_OR = 7;
const OP_NOT = 8;
const OP_BETWEEN = 9;
const OP_IN = 10;
const OP_VALUE = 17;
const OP_PATH = 18;
const TAG_LIST_INDEX = 3324;
// 300 operators are DynamoDB's limit for one expression; a chain of them nests that deep
const DEPTH_MAX = 400;

const INFIX: ReadonlyMap<number, string> = new Map([
  [0, '='],
  [1, '<>'],
  [2, '<'],
  [3, '>='],
  [4, '>'],
  [5, '<='],
  [25, '+'],
  [26, '-'],
]);
const FUNCTIONS: ReadonlyMap<number, readonly [name: string, operands: number]> = new Map([
  [11, ['attribute_exists', 1]],
  [12, ['attribute_not_exists', 1]],
  [13, ['attribute_type', 2]],
  [14, ['begins_with', 2]],
  [15, ['contains', 2]],
  [16, ['size', 1]],
  [23, ['if_not_exists', 2]],
  [24, ['list_append', 2]],
]);
const ACTIONS: ReadonlyMap<number, readonly [clause: string, operands: number, between: string]> = new Map([
  [19, ['SET', 2, ' = ']],
  [20, ['ADD', 2, ' ']],
  [21, ['DELETE', 2, ' ']],
  [22, ['REMOVE', 1, '']],
]);

/** Condition, filter or key condition: one node. */
export function decodeCondition(bytes: Buffer): Expression {
  return decode(bytes, (reader) => [readNode(reader, 0)]);
}

/** Update: the actions in the order of the source. */
export function decodeUpdate(bytes: Buffer): Expression {
  return decode(bytes, readRoots);
}

/** Projection: the paths in the order of the source, which their ordinals count. */
export function decodeProjection(bytes: Buffer): readonly DocumentPath[] {
  return decode(bytes, readRoots).roots.map((root) => {
    if (root.kind !== 'path') throw malformed('a projection is made of paths');
    return root.path;
  });
}

function decode(bytes: Buffer, readBody: (reader: CborReader) => ExpressionNode[]): Expression {
  const reader = new CborReader(bytes);
  const parts = reader.readArrayHeader();
  if (parts !== 2 && parts !== 3) throw malformed('an expression has two or three parts');
  if (reader.readInteger() !== FORMAT_VERSION) throw malformed('an unknown version of expression');
  const roots = readBody(reader);
  const values: AttributeValue[] = [];
  if (parts === 3 && !reader.skipNull()) reader.readArray(() => values.push(readAttributeValue(reader)));
  reader.expectEnd();
  return { roots, values };
}

function readRoots(reader: CborReader): ExpressionNode[] {
  const roots: ExpressionNode[] = [];
  reader.readArray(() => roots.push(readNode(reader, 0)));
  return roots;
}

function readNode(reader: CborReader, depth: number): ExpressionNode {
  if (depth > DEPTH_MAX) throw malformed('an expression nested too deeply');
  const size = reader.readArrayHeader();
  if (size < 1) throw malformed('an expression node without operator');
  const opcode = reader.readInteger();
  if (opcode === OP_VALUE) {
    if (size !== 2) throw malformed('a value reference has one operand');
    return { kind: 'value', index: reader.readInteger() };
  }
  if (opcode === OP_PATH) return { kind: 'path', path: readPath(reader, size - 1) };
  const operands: ExpressionNode[] = [];
  for (let index = 1; index < size; index += 1) {
    if (opcode === OP_IN && index === 2) {
      const members: ExpressionNode[] = [];
      reader.readArray(() => members.push(readNode(reader, depth + 1)));
      operands.push({ kind: 'list', members });
    } else operands.push(readNode(reader, depth + 1));
  }
  if (operands.length !== operandCount(opcode)) throw malformed(`operator ${opcode} with ${operands.length} operands`);
  return { kind: 'call', opcode, operands };
}

function operandCount(opcode: number): number {
  if (INFIX.has(opcode) || opcode === OP_AND || opcode === OP_OR || opcode === OP_IN) return 2;
  if (opcode === OP_NOT) return 1;
  if (opcode === OP_BETWEEN) return 3;
  const known = FUNCTIONS.get(opcode) ?? ACTIONS.get(opcode);
  if (known === undefined) throw malformed(`unknown operator ${opcode}`);
  return known[1];
}

function readPath(reader: CborReader, elements: number): DocumentPath {
  const path: (string | number)[] = [];
  for (let index = 0; index < elements; index += 1) {
    if (reader.peekMajor() !== MAJOR_TAG) path.push(reader.readText());
    else if (reader.readTag() === TAG_LIST_INDEX) path.push(reader.readInteger());
    else throw malformed('an unknown element of a path');
  }
  if (typeof path[0] !== 'string') throw malformed('a path starts with a name');
  return path;
}

/** Text of a condition, filter or key condition. */
export function conditionText({ roots, values }: Expression, placeholders: Placeholders): string {
  return nodeText(roots[0] as ExpressionNode, values, placeholders);
}

/** Text of an update; actions of one kind share a clause, in their order. */
export function updateText({ roots, values }: Expression, placeholders: Placeholders): string {
  const clauses = new Map<string, string[]>();
  for (const root of roots) {
    const action = root.kind === 'call' ? ACTIONS.get(root.opcode) : undefined;
    if (root.kind !== 'call' || action === undefined) throw malformed('an update is made of actions');
    const [clause, , between] = action;
    const text = root.operands.map((operand) => nodeText(operand, values, placeholders)).join(between);
    const texts = clauses.get(clause);
    if (texts === undefined) clauses.set(clause, [text]);
    else texts.push(text);
  }
  return [...clauses].map(([clause, texts]) => `${clause} ${texts.join(', ')}`).join(' ');
}

export function pathText(path: DocumentPath, placeholders: Placeholders): string {
  let text = '';
  for (const element of path) {
    if (typeof element === 'number') text += `[${element}]`;
    else text += (text === '' ? '' : '.') + placeholders.name(element);
  }
  return text;
}

function nodeText(node: ExpressionNode, values: readonly AttributeValue[], placeholders: Placeholders): string {
  const render = (operand: ExpressionNode) => nodeText(operand, values, placeholders);
  if (node.kind === 'path') return pathText(node.path, placeholders);
  if (node.kind === 'list') return `(${node.members.map(render).join(', ')})`;
  if (node.kind === 'value') {
    const value = values[node.index];
    if (value === undefined)
      throw new AnswerError('ValidationException', `an expression names value ${node.index}, which is not there`);
    return placeholders.value(value);
  }
  const { opcode, operands } = node;
  const [a, b, c] = operands as readonly [ExpressionNode, ExpressionNode, ExpressionNode];
  if (opcode === OP_AND || opcode === OP_OR) {
    return chain(node, opcode)
      .map((part) => grouped(part, render))
      .join(opcode === OP_AND ? ' AND ' : ' OR ');
  }
  if (opcode === OP_NOT) return `NOT ${grouped(a, render)}`;
  if (opcode === OP_BETWEEN) return `${render(a)} BETWEEN ${render(b)} AND ${render(c)}`;
  if (opcode === OP_IN) return `${render(a)} IN ${render(b)}`;
  const infix = INFIX.get(opcode);
  if (infix !== undefined) return `${render(a)} ${infix} ${render(b)}`;
  const known = FUNCTIONS.get(opcode);
  if (known === undefined) throw malformed('an action inside an expression');
  return `${known[0]}(${operands.map(render).join(', ')})`;
}

/** `a AND b AND c` arrives as a tree; written flat, it needs no parentheses, of which DynamoDB refuses a double pair. */
function chain(node: ExpressionNode, opcode: number): ExpressionNode[] {
  if (node.kind !== 'call' || node.opcode !== opcode) return [node];
  return node.operands.flatMap((operand) => chain(operand, opcode));
}

function grouped(node: ExpressionNode, render: (node: ExpressionNode) => string): string {
  const compound = node.kind === 'call' && node.opcode >= OP_AND && node.opcode <= OP_NOT;
  return compound ? `(${render(node)})` : render(node);
}
