/** The walk itself, on small pages of our own: each way in which a page can be wrong is found. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTerminal, type Terminal } from './terminal.ts';
import { type StepResult, walk } from './walk.ts';
import { readSteps } from './walk-steps.ts';

let folder: string;
let terminal: Terminal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quartersec-walk-'));
  mkdirSync(join(folder, 'desk'));
  terminal = openTerminal({
    folder: join(folder, 'desk'),
    notes: folder,
    env: { PATH: process.env.PATH ?? '' },
    echo: () => {},
  });
});

afterEach(() => {
  terminal.close();
  rmSync(folder, { recursive: true, force: true });
});

const block = (marker: string, script: string) => `<!-- walk: ${marker} -->\n\`\`\`sh\n${script}\n\`\`\`\n`;
const CTRL_C = '<!-- walk: ctrl-c -->\n';

/** A stand-in for the system: the alert has this status after `curl BOARD/fault`; Ctrl-C ends it with this exit code. */
const board = (status: string, { exitCode = 0, before = 'quiet', alert = 'RetriesExhausted' } = {}) =>
  block(
    'background until "runs at"',
    `exec node -e '
let status = "${before}";
const server = require("node:http").createServer((request, response) => {
  if (request.url === "/fault") status = "${status}";
  response.end(JSON.stringify({ alerts: [{ name: "${alert}", status }] }));
});
server.listen(0, "127.0.0.1", () => console.log("runs at http://127.0.0.1:" + server.address().port));
process.on("SIGINT", () => process.exit(${exitCode}));
'`,
  );
const fault = block(
  'run alert "RetriesExhausted" replace "BOARD" after "runs at"',
  `node -e 'fetch("BOARD/fault").then((answer) => answer.text())'`,
);

const take = (...parts: string[]): Promise<readonly StepResult[]> =>
  walk(readSteps(parts.join('\n')), {
    terminal,
    repository: '/somewhere/quartersec',
    alertWithinMs: 500,
    stepLimitMs: 20_000,
    onStep: () => {},
  });
const problemsOf = (results: readonly StepResult[]) => results.map(({ problem }) => problem);

describe('walk', () => {
  it('goes on in the folder, and with the variables, that a block leaves', async () => {
    const results = await take(
      block('run', 'mkdir inner && cd inner\nexport COLOUR="deep blue"'),
      block('run expect "desk/inner" expect "deep blue"', 'pwd\necho $COLOUR'),
    );
    expect(problemsOf(results)).toEqual([undefined, undefined]);
  });

  it('puts the address of the repository, and printed ones, where the page has a stand-in', async () => {
    const results = await take(
      board('quiet'),
      block('run expect "from /somewhere/quartersec" replace "ADDRESS"', 'echo from ADDRESS'),
      block(
        'run expect "RetriesExhausted" replace "BOARD" after "runs at"',
        `node -e 'fetch("BOARD").then((r) => r.text()).then(console.log)'`,
      ),
      CTRL_C,
    );
    expect(problemsOf(results)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('measures how soon an alert is on the board', async () => {
    const results = await take(board('firing'), fault, CTRL_C);
    expect(problemsOf(results)).toEqual([undefined, undefined, undefined]);
    expect(results[1]?.alertAfterMs).toBeGreaterThan(0);
  });

  it.each([
    ['a command that fails', [block('run', 'false\necho on')], 'exit code 1'],
    ['a command that was to fail', [block('fails expect "no"', 'echo no')], 'it was to fail, and did not'],
    ['what was to be printed', [block('run expect "yes"', 'echo no')], 'did not print yes'],
    ['a failure that says something else', [block('fails expect "why"', 'echo no; exit 1')], 'did not print why'],
    [
      'a start that ends',
      [block('background until "runs at"', 'exit 3')],
      'ended with exit code 3 before it printed runs at',
    ],
    ['a Ctrl-C without anything', [CTRL_C], 'nothing runs that Ctrl-C could end'],
  ])('names %s, and goes no further', async (_what, parts, problem) => {
    const results = await take(...parts, block('run', 'echo never'));
    expect(problemsOf(results)).toEqual([problem]);
  });

  it('names an alert that does not fire', async () => {
    expect(problemsOf(await take(board('resolved'), fault))).toEqual([
      undefined,
      'RetriesExhausted did not fire within 500 ms: it is resolved',
    ]);
    terminal.close();
    expect(problemsOf(await take(board('quiet', { alert: 'NoMetrics' }), fault))).toEqual([
      undefined,
      'RetriesExhausted did not fire within 500 ms: it is not shown',
    ]);
  });

  it('names a board that is not there', async () => {
    const nothing = block('background until "runs at"', `echo runs at http://127.0.0.1:9; exec sleep 60`);
    expect(problemsOf(await take(nothing, block('run alert "RetriesExhausted"', 'true')))).toEqual([
      undefined,
      'RetriesExhausted did not fire within 500 ms: it is on no board',
    ]);
  });

  it('does not take an alert for its own that fired before', async () => {
    const results = await take(board('firing', { before: 'firing' }), fault);
    expect(problemsOf(results)).toEqual([undefined, 'RetriesExhausted was firing before this step']);
  });

  it('names an address that was not printed', async () => {
    const results = await take(board('quiet'), block('run replace "BOARD" after "board at"', 'echo BOARD'));
    expect(problemsOf(results)).toEqual([undefined, 'no address was printed behind "board at", for BOARD']);
  });

  it('names the exit code of Ctrl-C', async () => {
    expect(problemsOf(await take(board('quiet', { exitCode: 7 }), CTRL_C))).toEqual([
      undefined,
      'Ctrl-C: ended with 7',
    ]);
  });

  it('names what Ctrl-C left behind', async () => {
    const detached = `node -e 'require("node:child_process").spawn("sleep", ["300"], { detached: true, stdio: "ignore" }); process.on("SIGINT", () => process.exit(0)); setInterval(() => {}, 1000); console.log("runs at")'`;
    const results = await take(block('background until "runs at"', `exec ${detached}`), CTRL_C);
    expect(results[1]?.problem).toMatch(/^Ctrl-C left processes behind: \d+$/);
  });
});
