/**
 * The whole system with its control server and gentle traffic, as a process of its own: for whoever watches the watchers. One
 * connection is left out of the traffic, so that nobody else takes the faults that are planted for it.
 */
import { announceReady, readSettings } from '../child-service.ts';
import { startControlServer } from '../control-server.ts';
import { controlSourcesOf } from '../control-sources.ts';
import { createErrorLines } from '../error-lines.ts';
import { scheduleTickMs } from '../schedule-timer.ts';
import { createRandom } from '../seeded-random.ts';
import { type SystemOptions, startSystem } from '../system.ts';
import { startTraffic } from '../traffic.ts';

const { eventsPerSecond, ...options } = readSettings<
  Pick<SystemOptions, 'seed' | 'connections' | 'maxEnvironments'> & { readonly eventsPerSecond: number }
>();
const errorLines = createErrorLines();

const system = await startSystem({
  ...options,
  scheduleTickMs,
  onProgress: (progress) => process.send?.({ progress }),
  onLog: (_functionName, line) => errorLines.read(line),
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
const control = await startControlServer(controlSourcesOf(system, errorLines));
const [quiet, ...busy] = system.connections;
const traffic = startTraffic(
  { ...system, connections: busy },
  { eventsPerSecond, faultEvery: Infinity, random: createRandom(options.seed) },
);

announceReady(
  { controlUrl: control.url, quietConnection: quiet, busyConnectionIds: busy.map(({ connectionId }) => connectionId) },
  async () => {
    await traffic.stop();
    await control.close();
    await system.close();
  },
);
