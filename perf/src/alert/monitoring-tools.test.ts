import { describe, expect, it } from 'vitest';
import { findMonitoringTools } from './monitoring-tools.ts';

const having = (...commands: readonly string[]) =>
  findMonitoringTools((command) =>
    commands.includes(command) ? { path: `/bin/${command}`, version: `${command} 1` } : undefined,
  );

describe('findMonitoringTools', () => {
  it('finds each under any of its names, the first one first', () => {
    expect(having('google-chrome', 'chromium-browser', 'prometheus', 'alertmanager')).toEqual({
      browser: '/bin/chromium-browser',
      prometheus: '/bin/prometheus',
      alertmanager: '/bin/alertmanager',
      versions: ['chromium-browser 1', 'prometheus 1', 'alertmanager 1'],
      missing: [],
    });
  });

  it('says of each one that is missing what was not measured, and how to have it', () => {
    expect(having()).toEqual({
      browser: undefined,
      prometheus: undefined,
      alertmanager: undefined,
      versions: [],
      missing: [
        expect.stringMatching(/NO BROWSER.*snapshot\.json.*apt-get install chromium/),
        expect.stringMatching(/NO PROMETHEUS.*apt-get install prometheus/),
        expect.stringMatching(/NO ALERTMANAGER.*apt-get install prometheus-alertmanager/),
      ],
    });
  });
});
