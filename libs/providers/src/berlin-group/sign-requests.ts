/**
 * Requests signed with our electronic seal (QSealC), for banks that ask for it: the headers `Digest`, `Signature` and
 * `TPP-Signature-Certificate`.
 * @see https://www.berlin-group.org/nextgenpsd2-downloads Implementation Guidelines 1.3, section 12
 */
import { createHash, X509Certificate } from 'node:crypto';
import { cavage, createSigner } from 'http-message-signatures';
import type { HttpCall, HttpClient } from '../http-client.ts';
import type { ClientCertificate } from '../open-call.ts';

/** Always signed. */
const fields = ['digest', 'x-request-id'] as const;
/** Signed where the request has them. */
const fieldsIfThere = ['psu-id', 'psu-corporate-id', 'tpp-redirect-uri'] as const;

/**
 * @param http of the bank; what goes to its authorization server is not signed
 * @param seal as PEM texts, of an RSA key; the first certificate is ours
 * @param baseUrl of the bank's API
 */
export function signRequests(http: HttpClient, { cert, key }: ClientCertificate, baseUrl: string): HttpClient {
  const certificate = new X509Certificate(cert);
  const signer = createSigner(key, 'rsa-v1_5-sha256', keyIdOf(certificate));
  const shown = certificate.raw.toString('base64');
  const isOfApi = ({ url }: HttpCall) => url.startsWith(`${baseUrl.replace(/\/+$/, '')}/`);

  async function signed(call: HttpCall): Promise<HttpCall> {
    const digest = `SHA-256=${createHash('sha256')
      .update(call.body ?? '')
      .digest('base64')}`;
    const headers: Record<string, string> = { ...call.headers, digest };
    const also = fieldsIfThere.filter((name) => Object.hasOwn(headers, name));
    const config = { key: signer, fields: [...fields, ...also], params: ['keyid', 'alg'] };
    const message = await cavage.signMessage(config, { method: call.method, url: call.url, headers });
    const signature = String(message.headers.Signature);
    return { ...call, headers: { ...headers, signature, 'tpp-signature-certificate': shown } };
  }

  return {
    send: async (call, limits) => http.send(isOfApi(call) ? await signed(call) : call, limits),
    close: () => http.close(),
  };
}

/** Serial number in hexadecimal digits, and the issuer's name as RFC 4514 writes it: the last part first. */
function keyIdOf({ serialNumber, issuer }: X509Certificate): string {
  return `SN=${serialNumber},CA=${issuer.split('\n').reverse().join(',')}`;
}
