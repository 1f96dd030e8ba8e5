import { describe, expect, it } from 'vitest';
import { readBoardSource } from './board-source.ts';

describe('readBoardSource', () => {
  it('prefers a Prometheus server, and drops a slash at the end', () => {
    const environment = { PROMETHEUS_URL: 'https://metrics.example/prom/', SYSTEM_URL: 'http://127.0.0.1:1' };
    expect(readBoardSource(environment)).toEqual({ kind: 'prometheus', url: 'https://metrics.example/prom' });
  });

  it('takes a running system otherwise', () => {
    expect(readBoardSource({ SYSTEM_URL: 'http://127.0.0.1:7000' })).toEqual({
      kind: 'system',
      url: 'http://127.0.0.1:7000',
    });
  });

  it.each(['127.0.0.1:9090', 'file:///tmp/x', 'nonsense'])('refuses %s, naming the variable', (value) => {
    expect(() => readBoardSource({ PROMETHEUS_URL: value })).toThrow(
      `PROMETHEUS_URL must be an http or https address, not ${value}`,
    );
  });

  it('says what to set when nothing is', () => {
    expect(() => readBoardSource({ PROMETHEUS_URL: '' })).toThrow('set PROMETHEUS_URL');
  });
});
