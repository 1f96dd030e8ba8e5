/** Who is asking: the bearer token of the read API. Signed by whoever logs the app's users in; only verified here. */
import { errors, jwtVerify } from 'jose';

/** The token is meant for this API and no other. */
export const readTokenAudience = 'quartersec';

/**
 * @param header the `Authorization` header, `Bearer <JWT>`, HS256, with `sub`, `exp` and audience `quartersec`
 * @param key the shared signing key, at least 32 bytes
 * @returns the user's id, or `undefined` for a missing, forged, expired or foreign token: the caller is told no more than that
 */
export async function readUserId(
  header: string | undefined,
  key: Uint8Array,
  nowEpochMs: number,
): Promise<string | undefined> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(header ?? '')?.[1];
  if (token === undefined) return undefined;
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience: readTokenAudience,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(nowEpochMs),
    });
    return payload.sub;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
