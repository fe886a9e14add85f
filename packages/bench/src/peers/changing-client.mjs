// Changes the states of tasks as AsyncTaskFlow's workers do, so many times a second: hash and counters in one step.
// node changing-client.mjs PORT CHANGES_PER_SECOND. Prints a line after the first change, and ends with its input.
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';

const STATES = ['PENDING', 'ACTIVE', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'];
const CHANGED_TASKS = 50_000;
const [port, rate] = process.argv.slice(2).map(Number);
const counterOf = (state) => `metrics:tasks:state:${state.toLowerCase()}`;
const pickFrom = (list) => list[Math.floor(Math.random() * list.length)];

const client = createClient({ url: `redis://127.0.0.1:${port}/0` });
await client.connect();
const tasks = [];
for await (const keys of client.scanIterator({ MATCH: 'task:*', COUNT: 1_000 })) {
  tasks.push(...keys);
  if (tasks.length >= CHANGED_TASKS) break;
}

async function changeOne() {
  const key = pickFrom(tasks);
  const before = await client.hGet(key, 'state');
  const after = pickFrom(STATES);
  await client.multi().hSet(key, 'state', after).decr(counterOf(before)).incr(counterOf(after)).exec();
}

let isStopped = false;
process.stdin.on('end', () => {
  isStopped = true;
});
process.stdin.resume();
const startedAt = performance.now();
for (let changes = 0; !isStopped; ) {
  for (const due = ((performance.now() - startedAt) * rate) / 1_000; changes < due; changes++) {
    await changeOne();
    if (changes === 0) process.stdout.write('changing\n');
  }
  await sleep(2);
}
client.destroy();
