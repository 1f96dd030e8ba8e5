/** What some tests need of the machine beyond Node: found, or left out with a word on how to get it. */

export interface Need {
  /** Stable: part of the cache key of test results. */
  readonly id: 'alertmanager' | 'browser' | 'cargo' | 'go' | 'java' | 'prometheus' | 'python';
  /** Every group must answer, with any of its commands. */
  readonly commands: readonly (readonly string[])[];
  readonly testsLeftOut: string;
  readonly remedy: string;
}

export const NEEDS: readonly Need[] = [
  {
    id: 'alertmanager',
    commands: [['prometheus-alertmanager', 'alertmanager'], ['amtool']],
    testsLeftOut: 'alerts on their way through a real Alertmanager',
    remedy: 'Debian, Ubuntu: apt-get install prometheus-alertmanager; macOS: brew install alertmanager',
  },
  {
    id: 'browser',
    commands: [['chromium', 'chromium-browser', 'google-chrome']],
    testsLeftOut: 'pages in a real browser',
    remedy: 'Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium',
  },
  {
    id: 'cargo',
    commands: [['cargo']],
    testsLeftOut: 'storage and DAX against Dynoxide, the emulator with transactions',
    remedy: 'Rust 1.88 or newer with a C compiler: https://rustup.rs; macOS: brew install rust',
  },
  {
    id: 'go',
    commands: [['go']],
    testsLeftOut: 'a Go function on the Lambda host',
    remedy: 'https://go.dev/dl, or apt-get install golang, or brew install go',
  },
  {
    id: 'java',
    commands: [['javac'], ['mvn']],
    testsLeftOut: "AWS's Java client at the DAX node",
    remedy: 'Debian, Ubuntu: apt-get install default-jdk-headless maven; macOS: brew install openjdk maven',
  },
  {
    id: 'prometheus',
    commands: [['prometheus'], ['promtool']],
    testsLeftOut: 'alert rules and queries in a real Prometheus',
    remedy: 'Debian, Ubuntu: apt-get install prometheus; macOS: brew install prometheus',
  },
  {
    id: 'python',
    commands: [['python3']],
    testsLeftOut: "clients written in Python, the templates before AWS's linter and moto",
    remedy: 'Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python',
  },
];

export interface NeedsFound {
  readonly present: readonly Need[];
  readonly missing: readonly Need[];
}

/** @param answers whether a command is there and starts */
export function findNeeds(needs: readonly Need[], answers: (command: string) => boolean): NeedsFound {
  const isPresent = ({ commands }: Need) => commands.every((alternatives) => alternatives.some(answers));
  const present = needs.filter(isPresent);
  return { present, missing: needs.filter((need) => !present.includes(need)) };
}

/** Says the same about the same machine always, unlike a port: results cached under it stay true. */
export const cacheKeyOf = (present: readonly Need[]): string =>
  present
    .map(({ id }) => id)
    .sort()
    .join(',');

export const describeMissing = ({ testsLeftOut, remedy }: Need): string =>
  `left out: ${testsLeftOut}\n    to have it: ${remedy}`;
