/** As the simulator's control API takes it, for a connection that is named beside it. */
export interface Fault {
  readonly kind: string;
  readonly path?: string;
  readonly times?: number;
  readonly options?: Readonly<Record<string, string | number>>;
}
