import { expect, it, vi } from 'vitest';
import { openLog, writeLine } from './edge.ts';
import { proxyVariables } from './proxy-variables.ts';

vi.mock('./stdout-lines.ts', () => {
  const lines: string[] = [];
  return {
    createOutput: () => lines,
    createLineWriter: () => Object.assign((line: string) => lines.push(line), { lines }),
  };
});

it('names the variables of a proxy that are set, in either case, and no value', () => {
  const variables = {
    https_proxy: 'http://user:secret@proxy:3128',
    ALL_PROXY: 'socks5://proxy',
    HTTP_PROXY: '',
    NO_PROXY: '*',
  };
  expect(proxyVariables(variables)).toEqual(['ALL_PROXY', 'https_proxy']);
  expect(proxyVariables({ HTTPS_PROXY: undefined, PATH: '/bin' })).toEqual([]);
});

it('are told once, by the log of the function', () => {
  openLog('processor.process', {});
  openLog('processor.process', { HTTPS_PROXY: 'http://user:secret@proxy:3128' });
  const { lines } = writeLine as unknown as { lines: string[] };
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'WARN', proxy_variables: 'HTTPS_PROXY' });
  expect(lines[0]).not.toContain('secret');
});
