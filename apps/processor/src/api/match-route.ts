/** Which operation a request is for. Pure. */
import type { OperationId } from './operations.ts';
import { type Route, routes } from './routes.ts';

export type Match =
  | { readonly kind: 'operation'; readonly id: OperationId; readonly route: Route; readonly pathId: string }
  /** The address is there, the method is not: those that are. */
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'none' };

const idPattern = '([A-Za-z0-9_-]{1,128})';
const table = Object.entries(routes).map(([id, route]) => ({
  id: id as OperationId,
  route: route as Route,
  path: new RegExp(`^${route.path.replace('.', '\\.').replace(/\{\w+\}/, idPattern)}$`),
}));

export function matchRoute(method: string, path: string): Match {
  const here = table.flatMap(({ id, route, path: form }) => {
    const found = form.exec(path);
    return found === null ? [] : [{ id, route, pathId: found[1] ?? '' }];
  });
  const operation = here.find(({ route }) => route.method === method);
  if (operation !== undefined) return { kind: 'operation', ...operation };
  return here.length === 0 ? { kind: 'none' } : { kind: 'wrong-method', allow: here.map(({ route }) => route.method) };
}

/** API Gateway puts a stage before the path (`/prod/v1/...`), where it is not the default one. */
export function withoutBase(rawPath: string, basePath: string): string {
  return basePath !== '' && rawPath.startsWith(`${basePath}/`) ? rawPath.slice(basePath.length) : rawPath;
}
