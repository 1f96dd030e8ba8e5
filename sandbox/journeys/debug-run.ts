import { startSystem, sendEvent } from '@quartersec/sandbox-system';
import { createJournal } from '@quartersec/storage';
const system = await startSystem({ seed: 1, connections: 1, providers: { latency: { medianMs: 0, p99Ms: 0 } }, onLog: (f, l) => { if (!l.includes('"_aws"')) console.log(f, l.slice(0, 900)); } });
const r = await fetch(`${system.controlUrl}/connections/access-sandbox-0/restart`, { method: 'POST', headers: {'content-type':'application/json'}, body: '{"transactions":20000}' });
console.log(r.status, (await r.text()).slice(0, 300));
await sendEvent(system.queueUrl, 'conn-0');
for (let i = 0; i < 8; i++) {
  await new Promise((r) => setTimeout(r, 3000));
  const head = await createJournal({ table: system.table }).readHead('conn-0', { deadline: { remainingMs: () => 5000, elapsedMs: () => 0 }, fresh: true } as never);
  console.log(i, head?.version, head?.history, head?.loop?.pages, head?.status, JSON.stringify(system.host.stats().queues));
}
await system.close();
