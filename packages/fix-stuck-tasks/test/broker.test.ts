import {
  activeTask,
  celeryMessage,
  isoformat,
  MINUTE,
  microsOf,
  PRIMARY_QUEUE,
  pendingTask,
  seededRandom,
  taskKey,
  unackedTriple,
} from '@atf/sandbox';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { BROKER_LISTS } from '../src/places/read-broker.js';
import { FIX, LOOK, useRedis } from './support.js';
