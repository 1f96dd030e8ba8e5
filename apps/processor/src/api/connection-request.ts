/** Which members of a `ConnectionRequest` belong together: a rule that its type, all of optional members, does not say. Pure. */
import type { ConnectionRequest } from './contract.ts';
import { validateConnectionRequest } from './validators.ts';

interface Refusal {
  readonly path: string;
  readonly expected: string;
  readonly isInWords: true;
}

const ofRedirect = ['code', 'iss', 'error'] as const;

/** As typia's validators, whose answer comes first. */
export function validateConnectionParts(input: unknown) {
  const validated = validateConnectionRequest(input);
  if (!validated.success) return validated;
  const errors = refusalsOf(validated.data);
  return errors.length === 0 ? validated : { success: false as const, errors };
}

function refusalsOf(request: ConnectionRequest): readonly Refusal[] {
  const given = ofRedirect.filter((name) => request[name] !== undefined);
  const refuse = (name: keyof ConnectionRequest, expected: string) => ({
    path: `$input.${name}`,
    expected,
    isInWords: true as const,
  });
  if (request.publicToken !== undefined) {
    const others = request.state === undefined ? given : (['state', ...given] as const);
    return others.map((name) => refuse(name, 'publicToken alone, without it'));
  }
  if (request.state === undefined)
    return [
      refuse('publicToken', 'publicToken alone, or state with code or error'),
      ...given.map((name) => refuse(name, 'state beside it')),
    ];
  if (request.provider === undefined) return [refuse('provider', 'provider beside state')];
  const isBoth = request.code !== undefined && request.error !== undefined;
  // In the redirect approach of the Berlin Group the address that the user came back to says nothing: the consent is asked.
  const isNeither = request.code === undefined && request.error === undefined && request.provider !== 'berlin-group';
  return isBoth || isNeither ? [refuse('code', 'either code or error beside state')] : [];
}
