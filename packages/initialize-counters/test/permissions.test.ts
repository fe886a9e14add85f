import { testCounterToolPermissions } from '@atf/sandbox/jest';

testCounterToolPermissions('initialize-counters', new URL('../README.md', import.meta.url));
