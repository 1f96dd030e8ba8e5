import { describe, expect, it } from 'vitest';
import { readOptions, usage } from './render-options.ts';

describe('readOptions', () => {
  it('has an answer to everything', () => {
    expect(readOptions([])).toEqual({
      target: '127.0.0.1:8401',
      boardUrl: 'http://127.0.0.1:8400',
      runbookUrl: 'docs/troubleshooting.md',
      alertmanager: '127.0.0.1:9093',
      prometheusUrl: 'http://127.0.0.1:9090',
      region: 'us-east-1',
    });
  });

  it('takes the addresses of another system', () => {
    const args = ['--target', 'metrics:80', '--board', 'https://board.test', '--runbooks', 'https://wiki.test/page'];
    expect(readOptions([...args, '--region', 'eu-central-1', '--out', 'elsewhere'])).toMatchObject({
      target: 'metrics:80',
      boardUrl: 'https://board.test',
      runbookUrl: 'https://wiki.test/page',
      region: 'eu-central-1',
      out: 'elsewhere',
    });
  });

  it.each([
    ['--target', 'http://127.0.0.1:80', '--target takes host:port, as 127.0.0.1:8401, not http://127.0.0.1:80'],
    ['--target', '127.0.0.1', '--target takes host:port, as 127.0.0.1:8401, not 127.0.0.1'],
    ['--alertmanager', 'a:70000', '--alertmanager takes host:port, as 127.0.0.1:8401, not a:70000'],
    ['--board', 'board:80', '--board takes an http or https address, not board:80'],
    ['--prometheus', 'nowhere', '--prometheus takes an http or https address, not nowhere'],
  ])('refuses %s %s', (option, value, message) => {
    expect(() => readOptions([option, value])).toThrow(message);
  });

  it('refuses what it does not know', () => {
    expect(() => readOptions(['--targets', 'a:1'])).toThrow('--targets');
  });

  it('gives way to help, which names every option', () => {
    expect(readOptions(['--help'])).toBeUndefined();
    for (const name of ['target', 'board', 'runbooks', 'alertmanager', 'prometheus', 'region', 'out', 'help']) {
      expect(usage).toContain(`--${name} `);
    }
  });
});
