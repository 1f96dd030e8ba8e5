/** The simulator in this process, without a socket: histories of it depend on no network. */
import type { Transport } from '@quartersec/providers';
import { createSimulator, type PlaidBank, type ProvidersOptions, type Simulator } from '@quartersec/sandbox-providers';
import type { Fault } from './fault.ts';
import { createInProcessTransport, inProcessUrl } from './in-process-transport.ts';

export interface SimulatorAtHand {
  readonly bank: PlaidBank;
  readonly simulator: Simulator;
  /** Base URL of Plaid's interface, behind `transport`. */
  readonly url: string;
  readonly transport: Transport;
  /** @param token a connection's access token, or `*` for all */
  plant(token: string, fault: Fault): void;
  /** Nothing that was planted is met any more. */
  mend(): void;
  /** A call of the control API. @param path behind `/control/` */
  set(path: string, body: object): void;
}

export function createSimulatorAtHand(options: ProvidersOptions): SimulatorAtHand {
  const simulator = createSimulator(options);
  const control = (method: string, path: string, body: object) => {
    const { status, body: answer } = simulator.control(method, path, JSON.stringify(body));
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
  };
  return {
    bank: simulator.bank,
    simulator,
    url: inProcessUrl,
    transport: createInProcessTransport(simulator),
    plant: (token, fault) => control('POST', 'faults', { token, ...fault }),
    mend: () => control('DELETE', 'faults', {}),
    set: (path, body) => control('POST', path, body),
  };
}
