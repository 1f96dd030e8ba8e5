/** The commands' own calls to the running system's API, as an app of one user makes them. */
import { CommandError } from '@quartersec/command-line';
import { findSystem, type RunningSystem } from './running-system.ts';

export interface ApiClient {
  readonly system: Pick<RunningSystem, 'url' | 'apiUrl' | 'redirectUri'>;
  readonly userId: string;
  /** @throws {CommandError} with the problem's code and title */
  call<Answer>(method: string, path: string, body?: object): Promise<Answer>;
}

interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly errors?: readonly { readonly path: string; readonly expected: string }[];
}

/** @throws {CommandError} where no system runs here */
export async function requireSystem(): Promise<RunningSystem> {
  const system = await findSystem();
  if (system === undefined)
    throw new CommandError('FAILED', 'no system is running here: run npm start in another terminal first');
  return system;
}

/** @throws {CommandError} where no system runs here */
export async function openApi(userId: string): Promise<ApiClient> {
  return apiOf(await requireSystem(), userId);
}

export async function apiOf(system: ApiClient['system'], userId: string): Promise<ApiClient> {
  const token = await requestToken(system, userId);
  return {
    system,
    userId,
    async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
      const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
      const response = await fetch(system.apiUrl + path, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new CommandError('FAILED', describeProblem(response.status, text));
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
  };
}

/** From the issuer for development, which signs a token for any user id. */
export async function requestToken(system: ApiClient['system'], userId: string): Promise<string> {
  const response = await fetch(`${system.url}/tokens`, { method: 'POST', body: JSON.stringify({ userId }) });
  if (!response.ok) throw new CommandError('FAILED', `no token for ${userId}: ${await response.text()}`);
  return ((await response.json()) as { token: string }).token;
}

function describeProblem(status: number, text: string): string {
  try {
    const { code, title, errors = [] } = JSON.parse(text) as Problem;
    const members = errors.map(({ path, expected }) => `; ${path}: ${expected}`).join('');
    return `${status} ${code}: ${title}${members}`;
  } catch {
    return `${status}: ${text}`;
  }
}
