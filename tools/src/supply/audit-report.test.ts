import { describe, expect, it } from 'vitest';
import { readAuditReport, renderAuditReport } from './audit-report.ts';

const isDevelopment = (path: string) => path.includes('vitest');
const rendered = (output: object | string) =>
  renderAuditReport(readAuditReport(typeof output === 'string' ? output : JSON.stringify(output), isDevelopment));

describe('the audit report', () => {
  it('says that there is nothing only when the registry has answered so', () => {
    expect(rendered({ auditReportVersion: 2, vulnerabilities: {} })).toEqual([
      'audit: 0 packages with known vulnerabilities, 0 of them in what is deployed',
    ]);
  });

  it('names each package, its advisories, and whether it is deployed', () => {
    const vulnerabilities = {
      got: { severity: 'high', via: [{ title: 'Redirect leak' }, 'keyv'], nodes: ['node_modules/got'] },
      vite: { severity: 'low', via: ['rollup'], nodes: ['node_modules/vitest/node_modules/vite'] },
      both: { severity: 'moderate', via: [], nodes: ['node_modules/vitest/x', 'node_modules/both'] },
    };
    expect(rendered({ vulnerabilities })).toEqual([
      'audit: 3 packages with known vulnerabilities, 2 of them in what is deployed',
      '  high     got (deployed) Redirect leak',
      '  low      vite (development)',
      '  moderate both (deployed)',
    ]);
  });

  it.each([404, 405, 501])('never passes silently where the registry answers %i', (statusCode) => {
    expect(rendered({ message: 'Method Not Allowed', statusCode, error: { summary: '' } })).toEqual([
      `audit: NOT DONE, the registry has no audit endpoint (status ${statusCode}); nothing is known about vulnerabilities`,
    ]);
  });

  it.each([
    [{ statusCode: 503 }, 'status 503'],
    [{ error: { code: 'ENOTFOUND', summary: 'getaddrinfo ENOTFOUND' } }, 'getaddrinfo ENOTFOUND'],
    [{}, 'npm printed no report'],
    ['', 'npm printed no report'],
  ])('never passes silently on the answer %j', (output, detail) => {
    expect(rendered(output)).toEqual([
      `audit: NOT DONE, the registry did not answer (${detail}); nothing is known about vulnerabilities`,
    ]);
  });
});
