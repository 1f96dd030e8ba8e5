/** One judged figure of a run. */
export interface Gate {
  readonly name: string;
  /**
   * `performance` depends on the machine: a run that only breaks such bounds may be void. `correctness` does not: wrong
   * answers are ours whatever the neighbours did, and failing fast is cheap. Nor does `cost`, a ratio to work of the same
   * seconds. `integrity` is judged over all runs: no rerun brings a lost event back.
   */
  readonly kind: 'performance' | 'correctness' | 'cost' | 'integrity';
  /** Who has measured it. */
  readonly by: 'k6' | 'functions' | 'ledger' | 'audit' | 'cpu';
  /** As people read it. */
  readonly value: string;
  readonly bound: string;
  readonly passed: boolean;
}

export function failuresOf(gates: readonly Gate[]): readonly Gate[] {
  return gates.filter(({ passed }) => !passed);
}
