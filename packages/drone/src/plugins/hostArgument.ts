/** The argument by which the script of executors runs as the process of plugins. */
export const HOST_ARGUMENT = 'plugin-host';
