/** Whether there are bytes anywhere in a message, which JSON cannot hold. */
export const holdsBytes = (message: unknown): boolean =>
  ArrayBuffer.isView(message) || (typeof message === 'object' && message !== null && Object.values(message).some(holdsBytes));
