import { describe, expect, it } from 'vitest';
import { readOptions, usage } from './render-options.ts';

describe('readOptions', () => {
  it('has an answer to everything', () => {
    expect(readOptions([])).toEqual({
      target: '127.0.0.1:8401',
      boardUrl: 'http://127.0.0.1:8400',
      runbookUrl: 'http://127.0.0.1:8400/runbook/',
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

  it('links runbooks of the docs that it is told of, else those that the board has', () => {
    const runbookUrlOf = (args: string[], environment = {}) => readOptions(args, environment)?.runbookUrl;
    const set = { DOCS_URL: 'https://git.test/docs/' };
    expect(runbookUrlOf([], set)).toBe('https://git.test/docs/troubleshooting.md');
    expect(runbookUrlOf(['--docs', 'https://wiki.test/docs'], set)).toBe('https://wiki.test/docs/troubleshooting.md');
    expect(runbookUrlOf(['--runbooks', 'https://wiki.test/page'], set)).toBe('https://wiki.test/page');
    expect(runbookUrlOf(['--board', 'https://board.test/'])).toBe('https://board.test/runbook/');
    expect(runbookUrlOf([], { DOCS_URL: '' })).toBe('http://127.0.0.1:8400/runbook/');
    expect(() => runbookUrlOf([], { DOCS_URL: 'docs' })).toThrow('DOCS_URL takes an http or https address, not docs');
  });

  it('takes the address of a Grafana, and needs none', () => {
    expect(readOptions(['--grafana', 'https://grafana.test'])?.grafanaUrl).toBe('https://grafana.test');
    expect(readOptions([])).not.toHaveProperty('grafanaUrl');
  });

  it.each([
    ['--runbooks', 'docs/troubleshooting.md', '--runbooks takes an http or https address, not docs/troubleshooting.md'],
    ['--grafana', 'grafana', '--grafana takes an http or https address, not grafana'],
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
    for (const name of [
      'target',
      'board',
      'docs',
      'runbooks',
      'grafana',
      'alertmanager',
      'prometheus',
      'region',
      'out',
      'help',
    ]) {
      expect(usage).toContain(`--${name} `);
    }
  });
});
