import { testCounterToolPermissions } from '@atf/sandbox/jest';
import { PERMISSIONS } from '../src/permissions.js';

testCounterToolPermissions('fix-counter-sync', PERMISSIONS);
