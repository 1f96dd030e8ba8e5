/** Nothing goes wrong any more: what was asked for and not answered is asked for again, what waits is delivered, and the schedule looks. */
import assert from 'node:assert/strict';
import { brokenOffAfterMs } from '@quartersec/storage';
import { drain, tick } from './acts.ts';
import { exchange, readFeed, remove } from './user-acts.ts';
import { calmDown } from './weather.ts';
import type { World } from './world.ts';

const dayMs = 86_400_000;
const isPoison = ({ body }: { readonly body: string }) => body.startsWith('{"connectionId": 5');

export async function comeToRest(world: World): Promise<void> {
  world.trace.note('comes to rest');
  calmDown(world.weather);
  world.at.mend();
  await world.time.until(rest(world));
}

async function rest(world: World): Promise<void> {
  for (const user of world.people) {
    for (const publicToken of [...user.linking])
      assert(await exchange(world, user, publicToken), 'a link never settles');
    for (const id of [...user.removing]) assert(await remove(world, user, id), `${id} cannot be removed`);
  }
  await drain(world);
  world.queue.dead.splice(0, world.queue.dead.length, ...world.queue.dead.filter((letter) => !isPoison(letter)));
  world.queue.redrive();
  await drain(world);
  // The schedule alone has to find everything: after the longest wait, with its jitter, then once more for what is believed at its second
  // telling, and for links that nobody goes on with.
  for (const waitMs of [2 * dayMs, brokenOffAfterMs]) {
    await world.time.wait(waitMs);
    await tick(world);
    await drain(world);
  }
  for (const user of world.people) await readFeed(world, user, 40, 500);
}
