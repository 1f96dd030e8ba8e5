/** The SLA, the insights and the canonical model are pure: same input, same output, on any machine, at any time. */
import { posix } from 'node:path';
import ts from 'typescript';
import { importsOf, lineOf, parse, visit } from './syntax.ts';
import { type Check, isSource, isTest, type TextFile, type Violation, type Workspace } from './workspace.ts';

const PURE_FOLDERS = ['libs/sla/src/', 'libs/insights/src/'];
const PURE_FILES = ['libs/validation/src/canonical.ts'];

/** Node's modules without I/O; for node:crypto and node:zlib only the named functions. */
const PURE_MODULES = new Set(['node:assert', 'node:buffer', 'node:string_decoder', 'node:url', 'node:util']);
const PURE_CRYPTO = new Set(['createHash', 'timingSafeEqual']);
/** Of node:zlib, those that return what they made. */
const PURE_ZLIB = new Set(['deflateRawSync', 'inflateRawSync']);

const IMPURE_MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'Temporal.Now',
  'process.env',
  'process.hrtime',
  'import.meta.env',
]);
const IMPURE_OBJECTS = new Set(['performance', 'crypto', 'process']);
const IMPURE_CALLS = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'require']);

function impureImport(specifier: string, names: readonly string[] | undefined): boolean {
  if (!specifier.startsWith('node:')) return false;
  if (specifier === 'node:crypto') return names === undefined || names.some((name) => !PURE_CRYPTO.has(name));
  if (specifier === 'node:zlib') return names === undefined || names.some((name) => !PURE_ZLIB.has(name));
  return !PURE_MODULES.has(specifier);
}

function impureUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const member = `${node.expression.text}.${node.name.text}`;
    if (IMPURE_MEMBERS.has(member) || IMPURE_OBJECTS.has(node.expression.text)) return member;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    if (IMPURE_CALLS.has(node.expression.text)) return `${node.expression.text}()`;
    if (node.expression.text === 'Date') return 'Date()';
  }
  if (
    ts.isNewExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Date' &&
    !node.arguments?.length
  ) {
    return 'new Date()';
  }
  return undefined;
}

/** The pure files and what they import by path: purity does not survive an impure neighbour. */
function pureFiles(workspace: Workspace): readonly TextFile[] {
  const byPath = new Map(workspace.files.map((file) => [file.path, file]));
  const isPure = (path: string) => PURE_FILES.includes(path) || PURE_FOLDERS.some((folder) => path.startsWith(folder));
  const reached = new Set(workspace.files.filter(({ path }) => isPure(path) && isSource(path) && !isTest(path)));
  for (const file of reached) {
    for (const { specifier, typeOnly } of importsOf(file)) {
      const target = byPath.get(posix.join(posix.dirname(file.path), specifier));
      if (specifier.startsWith('.') && !typeOnly && target !== undefined) reached.add(target);
    }
  }
  return [...reached];
}

export function findImpure(workspace: Workspace): readonly Violation[] {
  return pureFiles(workspace).flatMap((file) => {
    const found: Violation[] = importsOf(file)
      .filter(({ specifier, names, typeOnly }) => !typeOnly && impureImport(specifier, names))
      .map(({ specifier, line }) => ({ path: file.path, line, message: `is pure and may not import ${specifier}` }));
    const source = parse(file);
    visit(source, (node) => {
      const use = impureUse(node);
      if (use !== undefined)
        found.push({
          path: file.path,
          line: lineOf(source, node),
          message: `is pure and may not use ${use}: pass it in`,
        });
    });
    return found;
  });
}

export const purity: Check = { name: 'the SLA, the insights and the canonical model are pure', find: findImpure };
