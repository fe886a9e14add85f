import { testCounterToolPermissions } from '@atf/sandbox/jest';
import { PERMISSIONS } from '../src/permissions.js';

testCounterToolPermissions('initialize-counters', PERMISSIONS);
