import { describe, expect, it } from 'vitest';
import { bundleSize } from './bundle-size.ts';

describe('bundleSize', () => {
  it('follows static imports, once each, and leaves out what is loaded on demand', () => {
    const files = new Map([
      ['index.mjs', 'import{a}from"./a.mjs";import"./b.mjs";const c=()=>import("./c.mjs");'],
      ['a.mjs', 'import "./index.mjs";import x from "./b.mjs";export{y}from"node:fs";'],
      ['b.mjs', '1'.repeat(100)],
      ['c.mjs', 'é'.repeat(500)],
    ]);
    expect(bundleSize(files, 'index.mjs')).toEqual({ initBytes: 69 + 68 + 100, totalBytes: 69 + 68 + 100 + 1_000 });
  });

  it('is nothing where there is no such file', () => {
    expect(bundleSize(new Map(), 'index.mjs')).toEqual({ initBytes: 0, totalBytes: 0 });
  });
});
