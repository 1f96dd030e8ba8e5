/** The stages of the system: `dev` is cheap and can be thrown away, `prod` keeps what it holds. Chosen by `--stage`. */

export const stages = ['dev', 'prod'] as const;
export type Stage = (typeof stages)[number];

/**
 * @param value of the context key `stage`; `undefined` when it is not set, which means `dev`
 * @throws {Error} naming the stages, so that a typing error does not deploy a system of its own
 */
export function readStage(value: unknown): Stage {
  if (value === undefined) return 'dev';
  const stage = stages.find((name) => name === value);
  if (stage === undefined) throw new Error(`stage=${value} is none of ${stages.join(', ')}`);
  return stage;
}
