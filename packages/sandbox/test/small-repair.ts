import { connectClient, type Repair, type RepairContext, type SandboxClient } from '../src/index.js';
import { type QueuePositions, readPositions } from '../src/model-check/read-positions.js';

/** A task, as a repair sees it. */
interface Seen {
  id: string;
  state: string;
  updatedAt: string;
  workerId: string;
  spent: boolean;
}

type Kind = 'requeue' | 'stuck' | 'overdue' | 'schedule' | 'bury';

/** One guarded repair: does nothing where state, `updated_at` or the positions that it can see have changed. */
const REPAIR = `
local id, kind, state, updated, spent, now = unpack(ARGV)
local task = 'task:' .. id
local is = redis.call('HMGET', task, 'state', 'updated_at')
if is[1] ~= state or is[2] ~= updated then return 0 end
local primary, retry, scheduled, dlq = 'tasks:pending:primary', 'tasks:pending:retry', 'tasks:scheduled', 'dlq:tasks'
local function move(to, list)
  redis.call('HSET', task, 'state', to, 'updated_at', now)
  redis.call('LPUSH', list, id)
  redis.call('DECR', 'metrics:tasks:state:' .. string.lower(state))
  redis.call('INCR', 'metrics:tasks:state:' .. string.lower(to))
end
if kind == 'requeue' then
  if redis.call('LPOS', primary, id) or redis.call('LPOS', retry, id) then return 0 end
  redis.call('LPUSH', primary, id)
elseif kind == 'stuck' then
  if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
  redis.call('HINCRBY', task, 'retry_count', 1)
  if spent == '1' then move('DLQ', dlq) else move('PENDING', retry) end
elseif kind == 'overdue' then
  if redis.call('ZREM', scheduled, id) == 0 then return 0 end
  move('PENDING', retry)
elseif kind == 'schedule' then
  redis.call('ZADD', scheduled, 'NX', 0, id)
elseif kind == 'bury' then
  if redis.call('LPOS', dlq, id) then return 0 end
  redis.call('LPUSH', dlq, id)
end
return 1`;

/** What a task needs, by one look. */
export type Judge = (
  task: Seen,
  system: { positions: QueuePositions; ageMs: number; context: RepairContext },
) => Kind | undefined;

/** Right, and no more than that: what the driver must find nothing wrong with. */
export const rightly: Judge = ({ id, state }, { positions, ageMs, context }) => {
  const { members, broker, scheduled } = positions;
  if (state === 'ACTIVE' && ageMs > context.activeTimeoutMs) return 'stuck';
  const due = scheduled.get(id);
  const overdue = due !== undefined && context.now().getTime() - due * 1000 > context.scheduledGraceMs;
  if (state === 'SCHEDULED' && overdue) return 'overdue';
  if (ageMs < context.pendingTimeoutMs) return undefined;
  const waits = members.primary.has(id) || members.retry.has(id) || broker.has(id);
  if (state === 'PENDING' && !waits) return 'requeue';
  if (state === 'SCHEDULED' && due === undefined) return 'schedule';
  return state === 'DLQ' && !members.dlq.has(id) ? 'bury' : undefined;
};

/**
 * A tool in small. It repairs what two looks, so many milliseconds apart, both say. `tidy`: it removes wrong entries too, and
 * so may undo what it did wrong itself.
 */
export const repairBy =
  (judge: Judge, betweenLooksMs: number, tidy = true): Repair =>
  async (url, context) => {
    const client = await connectClient(url);
    try {
      const first = await look(client, judge, context);
      if (first.size > 0) await context.wait(betweenLooksMs);
      const second = betweenLooksMs > 0 && first.size > 0 ? await look(client, judge, context) : first;
      const now = context.now().toISOString().slice(0, -1);
      let repaired = tidy ? await removeWrongEntries(client) : 0;
      for (const [key, { task, kind }] of second) {
        if (!first.has(key)) continue;
        const keys = [`worker:heartbeat:${task.workerId}`];
        const facts = [task.id, kind, task.state, task.updatedAt, task.spent ? '1' : '0', now];
        repaired += Number(await client.eval(REPAIR, { keys, arguments: facts }));
      }
      return repaired;
    } finally {
      await client.close();
    }
  };

async function look(client: SandboxClient, judge: Judge, context: RepairContext) {
  const found = new Map<string, { task: Seen; kind: Kind }>();
  const tasks = await readTasks(client);
  const positions = await readPositions(client);
  for (const task of tasks) {
    const ageMs = context.now().getTime() - Date.parse(`${task.updatedAt}Z`);
    const kind = judge(task, { positions, ageMs, context });
    if (kind !== undefined) found.set(`${task.id} ${kind} ${task.updatedAt}`, { task, kind });
  }
  return found;
}

async function readTasks(client: SandboxClient): Promise<Seen[]> {
  const fields = ['state', 'updated_at', 'worker_id', 'retry_count', 'max_retries'];
  const keys = await client.keys('task:*');
  const tasks = await Promise.all(
    keys.map(async (key) => {
      const [state = '', updatedAt = '', workerId = '', retries, most] = (
        await client.hmGet(key, fields)
      ).map((value) => value ?? '');
      return { id: key.slice(5), state, updatedAt, workerId, spent: Number(retries) >= Number(most) };
    }),
  );
  return tasks.filter(({ state }) => state !== '');
}

/** Ghosts, and in pending lists what is not PENDING or there twice: one script an entry, so that nothing changes between. */
async function removeWrongEntries(client: SandboxClient): Promise<number> {
  const script = `
local removed = 0
for _, list in ipairs({'tasks:pending:primary', 'tasks:pending:retry', 'dlq:tasks'}) do
  local seen = {}
  for _, id in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local state = redis.call('HGET', 'task:' .. id, 'state')
    local wanted = list == 'dlq:tasks' and 'DLQ' or 'PENDING'
    if state ~= wanted or seen[id] then removed = removed + redis.call('LREM', list, 1, id) end
    seen[id] = true
  end
end
for _, id in ipairs(redis.call('ZRANGE', 'tasks:scheduled', 0, -1)) do
  if redis.call('EXISTS', 'task:' .. id) == 0 then removed = removed + redis.call('ZREM', 'tasks:scheduled', id) end
end
return removed`;
  return Number(await client.eval(script));
}
