import { testCounterToolPermissions } from '@atf/sandbox/jest';

testCounterToolPermissions('fix-counter-sync', new URL('../README.md', import.meta.url));
