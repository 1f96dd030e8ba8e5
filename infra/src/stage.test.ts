import { describe, expect, it } from 'vitest';
import { readStage } from './stage.ts';

describe('readStage', () => {
  it.each([
    [undefined, 'dev'],
    ['dev', 'dev'],
    ['prod', 'prod'],
  ])('reads %s as %s', (value, stage) => {
    expect(readStage(value)).toBe(stage);
  });

  it.each(['production', '', 1])('refuses %s', (value) => {
    expect(() => readStage(value)).toThrow(`stage=${value} is none of dev, prod`);
  });
});
