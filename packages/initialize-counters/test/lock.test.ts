import { testCounterToolLock } from '@atf/sandbox/jest';

testCounterToolLock('initialize-counters');
