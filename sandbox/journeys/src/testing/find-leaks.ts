/** Searches what was written for what must not be in it, also where it was encoded on the way. Pure. */

/** @returns each secret that is somewhere in the text: as it is, in any case, as a URL has it, in base64 or in hex */
export function findLeaks(text: string, secrets: Iterable<string>): readonly string[] {
  const lower = text.toLowerCase();
  return [...secrets].filter(
    (secret) =>
      formsOf(secret).some((form) => lower.includes(form.toLowerCase())) ||
      inBase64(secret).some((form) => text.includes(form)),
  );
}

function formsOf(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), secret.replaceAll(' ', '+'), Buffer.from(secret).toString('hex')];
}

/** What base64 makes of it depends on how many bytes stand in front: of each of the three, the part that does not. */
function inBase64(secret: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64url');
    const kept = encoded.slice(Math.ceil((before * 4) / 3), -2);
    return kept;
  });
}
