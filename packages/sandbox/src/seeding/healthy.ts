import { DLQ_LIST, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, type State } from '../keys.js';
import { MINUTE, SECOND } from '../python.js';
import type { Place } from './seed-options.js';
import { noteHealthy, put, type Seeder, send, writeDlqCopy } from './seeder.js';
import { shares } from './shares.js';

const PENDING_PLACES = { primary: 40, broker: 30, retry: 15, unacked: 15 };

/** One healthy task for each place that can hold it, hash and references. */
const PUT: Record<Place, (seeder: Seeder) => string> = {
  completed: (seeder) => put(seeder, seeder.maker.completed(seeder.maker.longAgo())),
  failed: (seeder) => put(seeder, seeder.maker.failed(seeder.maker.longAgo())),
  active: (seeder) => put(seeder, seeder.maker.active(seeder.maker.ago(SECOND, 10 * MINUTE))),
  dlq: (seeder) => {
    const task = seeder.maker.dlq(seeder.maker.longAgo());
    if (seeder.maker.random.int(3) === 0) writeDlqCopy(seeder, task);
    return put(seeder, task, DLQ_LIST);
  },
  scheduled: (seeder) => {
    const { maker } = seeder;
    const score = maker.secondsFromNow(300 + maker.random.int(3300));
    return put(seeder, maker.scheduled(maker.ago(10 * SECOND, 60 * MINUTE), score), SCHEDULED_SET);
  },
  primary: (seeder) =>
    put(seeder, seeder.maker.pending(seeder.maker.ago(SECOND, 60 * MINUTE)), PRIMARY_QUEUE),
  retry: (seeder) =>
    put(seeder, seeder.maker.retried(seeder.maker.ago(20 * SECOND, 60 * MINUTE)), RETRY_QUEUE),
  broker: (seeder) => putSent(seeder, false),
  unacked: (seeder) => putSent(seeder, true),
};

function putSent(seeder: Seeder, unacked: boolean): string {
  const id = put(seeder, seeder.maker.pending(seeder.maker.ago(SECOND, 60 * MINUTE)));
  send(seeder, id, unacked);
  return id;
}

/** How many healthy tasks go where. */
export function planPlaces(tasks: number, mix: Readonly<Partial<Record<State, number>>>): [Place, number][] {
  return [...shares(tasks, mix)].flatMap(([state, count]): [Place, number][] =>
    state === 'PENDING' ? [...shares(count, PENDING_PLACES)] : [[state.toLowerCase() as Place, count]],
  );
}

/** Writes the healthy tasks; each that is not final is in exactly one place, or ACTIVE with a live worker. */
export async function writeHealthy(seeder: Seeder, plan: readonly [Place, number][]): Promise<void> {
  for (const [place, count] of plan) {
    for (let written = 0; written < count; written++) {
      noteHealthy(seeder, place, PUT[place](seeder));
      if (seeder.buffer.full) await seeder.buffer.flush();
    }
  }
}
