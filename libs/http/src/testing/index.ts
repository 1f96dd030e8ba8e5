export { type Authority, type Certificate, createAuthority } from './certificates.ts';
