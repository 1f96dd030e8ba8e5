/** One judged figure of a run. */
export interface Gate {
  readonly name: string;
  /**
   * `performance` depends on the machine: such a run may be repeated, or be void. `integrity` does not: a lost event is lost
   * whatever the neighbours did.
   */
  readonly kind: 'performance' | 'integrity';
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
