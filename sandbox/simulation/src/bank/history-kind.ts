/** A kind of random history: what may be told, and what a campaign must have met to have shown anything. */
import type fc from 'fast-check';

export interface HistoryKind<Story = never> {
  readonly name: string;
  readonly story: fc.Arbitrary<Story>;
  /**
   * Tells it, and checks everything at its end.
   * @returns names of what happened in it, as often as it did
   * @throws where something does not hold
   */
  tell(story: Story): Promise<readonly string[]>;
  /** What a campaign of a hundred and more must have met. */
  readonly musts: readonly string[];
  /** What one of thousands must have met. */
  readonly rare?: readonly string[];
  /** The history for a person, a line each step. */
  words(story: Story): readonly string[];
}
