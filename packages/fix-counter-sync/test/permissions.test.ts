import { closeTarget, connectTarget, depsOf, failureOf } from '@atf/core';
import { testCounterToolPermissions } from '@atf/sandbox/jest';
import { fixCounterSync } from '../src/fix-counter-sync.js';
import { PERMISSIONS } from '../src/permissions.js';

testCounterToolPermissions('fix-counter-sync', PERMISSIONS, async (url, options) => {
  const target = await connectTarget(url, { name: 'test' });
  try {
    return await fixCounterSync(depsOf(target), options);
  } catch (error) {
    return failureOf(error, target);
  } finally {
    closeTarget(target);
  }
});
