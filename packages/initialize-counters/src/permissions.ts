export { COUNTER_PERMISSIONS as PERMISSIONS } from '@atf/core';
