import { expect, it } from 'vitest';
import { defaultProvider, fromNodeProviderChain } from './no-credential-search.ts';

it('refuses to search for credentials, under both names that the clients know', () => {
  expect(defaultProvider).toThrow('the credentials of their role');
  expect(fromNodeProviderChain).toThrow('the credentials of their role');
});
