import process from 'node:process';
import { KeyLedger } from '@atf/core';
import { expect, test } from '@jest/globals';
import type { Finding } from './finding.js';
import { KINDS } from './kinds.js';
import type { Look } from './places/look.js';
import { resultOf } from './result.js';

const EMPTY = { ids: new KeyLedger(), foreignType: undefined, anchor: undefined, odd: [] };
const LOOK = {
  primary: { ...EMPTY, key: 'primary' },
  retry: { ...EMPTY, key: 'retry' },
  dlq: { ...EMPTY, key: 'dlq' },
  scheduled: EMPTY,
  broker: undefined,
  endedAt: 0,
} as unknown as Look;

const ghost = (id: Buffer): Finding => ({
  kind: 'ghost-entry',
  id,
  state: null,
  age: null,
  worker: null,
  heartbeatAgeSeconds: null,
  broker: null,
  dueSeconds: null,
  retryCount: null,
  maxRetries: null,
  fault: 'ghost',
  queue: 'primary',
  repair: 'remove',
  obstacle: null,
  reading: undefined,
});

test('an entry of 64 MB that is no UTF-8 is named by its beginning, in no time', () => {
  const finding = ghost(Buffer.alloc(64 * 1024 * 1024, 0xff));
  const before = process.cpuUsage();
  const { findings } = resultOf(
    {
      totalTasks: 0,
      defective: 0,
      unjudged: 0,
      findings: [finding],
      first: LOOK,
      look: LOOK,
      foreignQueues: [],
    },
    { chosen: new Set([finding]), repairs: undefined, broker: null, clockSkewSeconds: null, only: KINDS },
  );
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
  expect(findings[0]!.id).toMatch(/^(\\xff)+.{0,3}…$/);
  expect(findings[0]!.id).toHaveLength(1_000);
});
