/** Constants that a page cites: `NAME = value`, of the file with a path that it names last before them. Pure. */

export interface CitedConstant {
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

const CITED = /`(?<path>[\w.-]+\/[\w./-]+\.ts)`|`(?<name>\w+) = (?<value>[\d._]+)`/g;

export function citedConstants(text: string): readonly CitedConstant[] {
  let file = '';
  return [...text.matchAll(CITED)].flatMap(({ groups }) => {
    const { path, name = '', value = '' }: { path?: string; name?: string; value?: string } = groups ?? {};
    if (path === undefined) return [{ path: file, name, value }];
    if (!path.endsWith('.test.ts')) file = path;
    return [];
  });
}

/** @param read a file's text by its path; each finding is a sentence */
export function wrongConstants(cited: readonly CitedConstant[], read: (path: string) => string): readonly string[] {
  return cited.flatMap(({ path, name, value }) => {
    const found = new RegExp(`^(?:export )?const ${name} = ([\\d._]+);`, 'm').exec(read(path))?.[1];
    if (found === undefined) return [`${path} has no constant ${name}`];
    return found === value ? [] : [`${path} has ${name} = ${found}, not ${value}`];
  });
}
