import { COUNTER_PERMISSIONS, type Permissions } from '@atf/core';

/** A tool that only reads has one user. */
export const PERMISSIONS = { monitor: COUNTER_PERMISSIONS.monitor } as const satisfies Permissions;
