// What the tools replace: scripts that ask for one key after the other. node plain-way.mjs PORT JOB
import { createClient } from 'redis';

const STATES = ['PENDING', 'ACTIVE', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'];
const [port, job] = process.argv.slice(2);
const client = createClient({ url: `redis://127.0.0.1:${port}/0` });
await client.connect();

/** Keys by SCAN, as a scan without COUNT gives them: ten a call. */
async function* keysLike(pattern) {
  for await (const keys of client.scanIterator({ MATCH: pattern })) yield* keys;
}

const jobs = {
  async count() {
    const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
    for await (const key of keysLike('task:*')) counts[await client.hGet(key, 'state')]++;
    return counts;
  },
  async judge() {
    let defective = 0;
    for await (const key of keysLike('task:*')) {
      const task = await client.hGetAll(key);
      if (!task.task_id || !task.created_at || !task.state) defective++;
    }
    return defective;
  },
  async 'delete-results'() {
    let deleted = 0;
    for await (const key of keysLike('celery-task-meta-*')) deleted += await client.del(key);
    return deleted;
  },
  async 'delete-defective'() {
    let deleted = 0;
    for await (const key of keysLike('task:*')) {
      const task = await client.hGetAll(key);
      if (task.task_id && task.created_at && task.state) continue;
      const id = key.slice('task:'.length);
      await client.del(key);
      await client.del(`dlq:task:${id}`);
      for (const list of ['tasks:pending:primary', 'tasks:pending:retry', 'dlq:tasks'])
        await client.lRem(list, 0, id);
      await client.zRem('tasks:scheduled', id);
      if (task.state) await client.decr(`metrics:tasks:state:${task.state.toLowerCase()}`);
      deleted++;
    }
    return deleted;
  },
};

process.stdout.write(`${JSON.stringify(await jobs[job]())}\n`);
client.destroy();
