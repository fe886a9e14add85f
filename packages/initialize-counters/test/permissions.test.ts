import { closeTarget, connectTarget, depsOf, failureOf } from '@atf/core';
import { testCounterToolPermissions } from '@atf/sandbox/jest';
import { initializeCounters } from '../src/initialize-counters.js';
import { PERMISSIONS } from '../src/permissions.js';

testCounterToolPermissions('initialize-counters', PERMISSIONS, async (url, options) => {
  const target = await connectTarget(url, { name: 'test' });
  try {
    return await initializeCounters(depsOf(target), options);
  } catch (error) {
    return failureOf(error, target);
  } finally {
    closeTarget(target);
  }
});
