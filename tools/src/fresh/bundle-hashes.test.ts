import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareHashes, hashFiles } from './bundle-hashes.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quartersec-hashes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('hashFiles', () => {
  it('hashes each file of each folder, by its relative name', () => {
    mkdirSync(join(folder, 'process'));
    writeFileSync(join(folder, 'process', 'index.mjs'), 'abc');
    writeFileSync(join(folder, 'a.map'), '');
    expect(hashFiles(folder)).toEqual({
      'a.map': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'process/index.mjs': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
  });

  it('refuses a folder without files, and one that is not there', () => {
    mkdirSync(join(folder, 'empty'));
    expect(() => hashFiles(folder)).toThrow('holds no files');
    expect(() => hashFiles(join(folder, 'gone'))).toThrow('ENOENT');
  });
});

describe('compareHashes', () => {
  it('has nothing to say about equal builds', () => {
    expect(compareHashes({ a: '1', b: '2' }, { b: '2', a: '1' })).toEqual([]);
  });

  it('names each file that differs, is missing or was added', () => {
    expect(compareHashes({ a: '1', b: '2', c: '3' }, { a: '1', c: '4', d: '5' })).toEqual([
      'b: missing',
      'c: differs',
      'd: added',
    ]);
  });
});
