import fc from 'fast-check';
import { expect, it } from 'vitest';
import { movementsSince } from './movements-since.ts';

it('gives what a look at every movement gives, in the same order', () => {
  const days = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 }).map((all) => all.toSorted());
  fc.assert(
    fc.property(
      days,
      fc.constantFrom(Number.NEGATIVE_INFINITY, ...Array.from({ length: 12 }, (_, day) => day - 1)),
      (all, from) => {
        const movements = all.map(
          (day, minor) => ({ day, minor, category: 'other', isForeign: false, isTransferLike: false }) as const,
        );
        expect(movementsSince(movements, from)).toEqual(movements.filter(({ day }) => day >= from));
      },
    ),
  );
});
