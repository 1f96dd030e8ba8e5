/** For tests of packages that make connections. */
export { type Authority, type Certificate, createAuthority } from './certificates.ts';
export { ok, type RawConnection, type RawServer, startRawServer } from './raw-server.ts';
