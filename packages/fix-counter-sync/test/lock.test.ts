import { testCounterToolLock } from '@atf/sandbox/jest';

testCounterToolLock('fix-counter-sync');
